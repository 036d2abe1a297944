// The sidebar in JupyterLab: the chosen model's gui, its deeds, and the plugin that puts it there.
import { afterEach, expect, test, vi } from "vitest";
import type { LabPanel, LabWidget, Lumino, Shell } from "../lab/lab";
import type { Link } from "../lab/link";
import { type Memory, makeSidebar } from "../lab/panel";
import type { Place } from "../lab/places";
import { makePlugin, type Parts } from "../lab/plugin";
import type { Reply } from "../src/requests";
import type { KernelRecord, ModelLine } from "../src/schema.gen";
import { find, settled } from "./fake";

afterEach(() => {
  document.body.replaceChildren();
  document.head.replaceChildren();
  vi.useRealTimers();
});

class Widget {
  id = "";
  isDisposed = false;
  isVisible = false;
  title = { label: "", caption: "", icon: null as unknown, closable: false };
  node: HTMLElement;
  constructor(options: { node?: HTMLElement } = {}) {
    this.node = options.node ?? document.createElement("div");
  }
  addClass(name: string) {
    this.node.classList.add(name);
  }
  dispose() {
    this.isDisposed = true;
    this.node.remove();
  }
}

class Panel extends Widget {
  all: Widget[] = [];
  get widgets() {
    return this.all.filter((one) => !one.isDisposed);
  }
  addWidget(widget: Widget) {
    this.all.push(widget);
    this.node.append(widget.node);
  }
}
const lumino = { Widget, Panel } as unknown as Lumino;

const LINE: ModelLine = {
  key: "k1",
  name: "m",
  title: "<b>one</b>",
  signal: "s",
  dimensions: "",
  mapped: true,
  components: [],
  busy: "",
  run: null,
};
const TWO: KernelRecord = { models: [LINE, { ...LINE, key: "k2", name: "other" }], signals: [] };

/** A sidebar beside a notebook whose kernel has these models; requests wait for their answer. */
function show(record: KernelRecord | null = TWO, several = true, remembered: string | null = null) {
  const asked: {
    message: Record<string, unknown>;
    answer(reply?: Partial<Reply>): Promise<void>;
  }[] = [];
  const world = { record, open: true, waiting: 0, fails: false, width: 820 };
  const link = {
    context: { path: "a.ipynb" },
    record: () => world.record,
    waiting: () => world.waiting,
    look: () => {},
    ask: (message: Record<string, unknown>) =>
      new Promise<Reply>((go) => {
        const answer = async (reply: Partial<Reply> = {}) => {
          go({ ok: !reply.error, error: "", text: "", superseded: false, ...reply });
          await settled();
        };
        asked.push({ message, answer });
      }),
  } as unknown as Link;
  const rendered: Widget[] = [];
  const inserted: string[] = [];
  const place = {
    link,
    name: "a.ipynb",
    width: () => world.width,
    rendermime: {
      createModel: (options: unknown) => options,
      createRenderer: () => {
        const made = new Widget();
        rendered.push(made);
        const renderModel = async () => {
          if (world.fails) throw new Error("no such widget");
        };
        return Object.assign(made, { renderModel });
      },
    },
    insert: async (code: string) => void inserted.push(code),
  } as unknown as Place;
  const tabs: [Panel, string][] = [];
  const put: unknown[] = [];
  const shell = {
    add: (tab: Panel, area: string, options: unknown) => {
      put.push(options);
      tab.node.id = tab.id;
      document.body.append(tab.node);
      tabs.push([tab, area]);
    },
    activateById: vi.fn(),
  };
  const memory = { load: vi.fn(async () => remembered), save: vi.fn() };
  const sidebar = makeSidebar(
    lumino,
    shell as unknown as Shell,
    () => several,
    () => ({ current: () => (world.open ? place : null) }),
    () => ({ components: true, reopen: true }),
    memory as Memory,
    () => {},
  );
  const { node } = sidebar.widget;
  document.body.append(node);
  sidebar.draw();
  const button = (text: string) => {
    const found = [...node.querySelectorAll("button")].find((one) => one.textContent === text);
    if (found === undefined) throw new Error(`no button ${text}`);
    return found;
  };
  const choose = (name: string) =>
    [...node.querySelectorAll<HTMLElement>(".hsj-side-model")]
      .find((one) => find(one, "code").textContent === name)
      ?.click();
  const shown = () => (sidebar.widget as unknown as Panel).widgets[1] as Panel;
  const problem = () => find(node, ".hsj-side-problem").textContent;
  const note = () => find(node, "[role=status]").textContent;
  return {
    sidebar,
    node,
    world,
    asked,
    rendered,
    inserted,
    tabs,
    put,
    shell,
    memory,
    button,
    choose,
    shown,
    problem,
    note,
  };
}

test("without a notebook, and without a model, it says what to do", () => {
  const { world, sidebar, node } = show({ models: [], signals: [] });
  const words = () => find(node, ".hsj-side-top > .hsj-side-quiet:not([role])").textContent;
  expect(words()).toContain("No model lives in this kernel");
  world.open = false;
  sidebar.draw();
  expect(words()).toBe("No notebook or console is open.");
});

test("the chosen model's gui is shown, its name remembered, and its words are text", async () => {
  const { node, choose, asked, shown, memory, sidebar } = show();
  expect(node.querySelector("b")).toBeNull();
  expect(find(node, ".hsj-side-chosen").hidden).toBe(true);
  choose("m");
  expect(asked[0]?.message).toEqual({ kind: "show", model: "k1" });
  await asked[0]?.answer({ text: "w1" });
  expect([shown().widgets.length, sidebar.chosen()?.name]).toEqual([1, "m"]);
  expect(memory.save).toHaveBeenCalledWith("a.ipynb", "m");
  expect(find(node, ".hsj-side-chosen").getAttribute("aria-label")).toBe("model m");
  sidebar.draw();
  expect(asked).toHaveLength(1);
});

test("of two that are chosen quickly the last is shown, whatever comes first", async () => {
  const { choose, asked, shown, rendered } = show();
  choose("m");
  choose("other");
  await asked[1]?.answer({ text: "w2" });
  await asked[0]?.answer({ text: "w1" });
  expect([shown().widgets.length, rendered.length]).toEqual([1, 1]);
});

test("a gui that the kernel refuses, or the page cannot draw, says why", async () => {
  const { choose, asked, shown, problem, world } = show();
  choose("m");
  await asked[0]?.answer({ error: "its signal is gone" });
  expect(problem()).toBe("its signal is gone");
  world.fails = true;
  choose("other");
  await asked[1]?.answer({ text: "w" });
  expect([problem(), shown().widgets.length]).toEqual(["Error: no such widget", 0]);
});

test("a kernel that is gone takes the gui along; a model of the same name is shown again", async () => {
  const { choose, asked, shown, world, sidebar } = show();
  choose("m");
  await asked[0]?.answer({ text: "w1" });
  world.record = null;
  sidebar.draw();
  expect([shown().widgets.length, sidebar.chosen()]).toEqual([0, null]);
  world.record = { models: [{ ...LINE, key: "new" }], signals: [] };
  sidebar.draw();
  expect(asked[1]?.message).toEqual({ kind: "show", model: "new" });
});

test("what was chosen before a reload of the page is chosen again", async () => {
  const { asked, sidebar } = show(TWO, true, "other");
  await settled();
  expect([sidebar.chosen()?.key, asked[0]?.message]).toEqual(["k2", { kind: "show", model: "k2" }]);
});

test.each([
  [true, "main"],
  [false, "down"],
])(
  "a plot beside has a tab of its own, once: several places %s, area %s",
  async (several, area) => {
    const { choose, asked, button, tabs, shell } = show(TWO, several);
    choose("m");
    await asked[0]?.answer({ text: "w1" });
    for (const k of [1, 2]) {
      button("Plot beside").click();
      await asked[k]?.answer({ text: "p" });
    }
    expect(tabs.map(([tab, where]) => [tab.title.label, where])).toEqual([["m: plot", area]]);
    expect(shell.activateById.mock.calls).toEqual([["hsj-plot-k1"], ["hsj-plot-k1"]]);
  },
);

test("a plot that cannot be drawn says why", async () => {
  const { choose, asked, button, world, problem } = show();
  choose("m");
  await asked[0]?.answer({ text: "w1" });
  world.fails = true;
  button("Plot beside").click();
  await asked[1]?.answer({ text: "p" });
  expect(problem()).toBe("Error: no such widget");
});

test("code goes into the notebook, a copy is kept, a file is written, and each says so", async () => {
  const { node, choose, asked, button, inserted, note, problem } = show();
  choose("m");
  await asked[0]?.answer({ text: "w1" });
  button("Insert as code").click();
  await asked[1]?.answer({ text: "m = s.create_model()" });
  expect(inserted).toEqual(["m = s.create_model()"]);
  button("Keep a copy").click();
  await asked[2]?.answer({ text: "kept as a" });
  expect(note()).toBe("kept as a");
  button("Save …").click();
  const form = find<HTMLFormElement>(node, ".hsj-side-save");
  find<HTMLInputElement>(form, "[type=text]").value = " out.hspy ";
  const submit = () => form.dispatchEvent(new Event("submit", { cancelable: true }));
  submit();
  expect(asked[3]?.message).toEqual({
    kind: "save",
    model: "k1",
    path: "out.hspy",
    overwrite: false,
  });
  await asked[3]?.answer({ error: "it is there already" });
  expect([problem(), form.hidden]).toEqual(["it is there already", false]);
  submit();
  await asked[4]?.answer({ text: "out.hspy" });
  expect([note(), problem(), form.hidden]).toEqual(["saved as out.hspy", "", true]);
});

test("a file is called after its model, unless a person called it otherwise", async () => {
  const models = [
    { ...LINE, name: "fits[0]" },
    { ...LINE, key: "k2", name: "other" },
  ];
  const { node, choose, button } = show({ models, signals: [] });
  const path = find<HTMLInputElement>(node, ".hsj-side-save [type=text]");
  const opened = (name: string) => {
    choose(name);
    button("Save …").click();
    if (find(node, ".hsj-side-save").hidden) button("Save …").click();
    return path.value;
  };
  expect([opened("fits[0]"), opened("other")]).toEqual(["fits_0.hspy", "other.hspy"]);
  path.value = "mine.hspy";
  expect(opened("fits[0]")).toBe("mine.hspy");
});

test.each([
  [820, { mode: "split-right" }],
  [240, { mode: "tab-after" }],
])("of a notebook %d wide, a plot is put %j, and the next one with it", async (width, first) => {
  const { choose, asked, button, world, put } = show();
  world.width = width;
  for (const [k, name] of ["m", "other"].entries()) {
    choose(name);
    await asked[2 * k]?.answer({ text: "w" });
    button("Plot beside").click();
    await asked[2 * k + 1]?.answer({ text: "p" });
  }
  expect(put).toEqual([first, { mode: "tab-after", ref: "hsj-plot-k1" }]);
});

test("what a model cannot do now is not offered", () => {
  const { choose, button, world, sidebar } = show();
  choose("m");
  world.record = { models: [{ ...LINE, busy: "fit" }], signals: [] };
  sidebar.draw();
  expect([button("Keep a copy").disabled, button("Save …").disabled]).toEqual([true, true]);
});

test("a kernel that is busy is told of after a while, and no longer than that", () => {
  vi.useFakeTimers();
  const { world, sidebar, note } = show();
  world.waiting = 1;
  sidebar.draw();
  vi.advanceTimersByTime(700);
  expect(note()).toBe("");
  vi.advanceTimersByTime(200);
  expect(note()).toContain("waiting for the kernel");
  world.waiting = 0;
  sidebar.draw();
  expect(note()).toBe("");
});

const parts = (more: Partial<Parts> = {}): Parts => ({
  application: { ILayoutRestorer: "restorer", ILabShell: "shell" },
  notebook: { INotebookTracker: "notebooks" },
  lumino: lumino as unknown as Record<string, unknown>,
  console: {},
  apputils: { ICommandPalette: "palette" },
  settings: { ISettingRegistry: "settings" },
  state: {},
  icons: {},
  ...more,
});

test.each(["notebook", "lumino", "application"] as const)(
  "without %s there is no plugin",
  (name) => {
    expect(makePlugin(parts({ [name]: {} }))).toBeNull();
  },
);

test("the plugin has commands for all, and stands on the side that the settings say", async () => {
  type Plugin = { optional: string[]; activate(app: unknown, ...given: unknown[]): Promise<void> };
  const plugin = makePlugin(parts()) as Plugin;
  expect(plugin.optional).toEqual(["notebooks", "restorer", "palette", "settings", "shell"]);
  const commands = new Map<string, { execute(): unknown; isEnabled(): boolean }>();
  const sides: string[] = [];
  const shell = {
    add: (_widget: LabWidget, side: string) => void sides.push(side),
    activateById: vi.fn(),
    expandRight: vi.fn(),
    expandLeft: vi.fn(),
  };
  const app = {
    shell,
    commands: {
      addCommand: (id: string, options: never) => void commands.set(id, options),
      execute: async () => {},
      notifyCommandChanged: () => {},
    },
  };
  const tracker = { currentWidget: null, currentChanged: { connect: () => true } };
  const [restorer, palette] = [{ add: vi.fn() }, { addItem: vi.fn() }];
  const composite: Record<string, unknown> = { side: "right" };
  let take = () => {};
  const changed = {
    connect(call: () => void) {
      take = call;
      return true;
    },
  };
  const registry = { load: async () => ({ composite, changed }) };
  // Whoever waits for the plugin finds the panel on its side, and on no other before.
  composite.side = "left";
  await plugin.activate(app, tracker, restorer, palette, registry, {});
  expect(sides).toEqual(["left"]);
  await commands.get("hsjupyter:show-models")?.execute();
  expect(shell.expandLeft).toHaveBeenCalledWith("hsjupyter-models");
  composite.side = "right";
  take();
  expect(sides).toEqual(["left", "right"]);
  expect(shell.expandRight).not.toHaveBeenCalled();
  // One that is seen is seen where it goes.
  const [[widget]] = restorer.add.mock.calls as [[LabPanel]];
  widget.isVisible = true;
  composite.side = "left";
  take();
  expect(shell.expandLeft).toHaveBeenCalledTimes(2);
  expect(palette.addItem.mock.calls.length).toBe(commands.size);
  expect(commands.get("hsjupyter:fit")?.isEnabled()).toBe(false);
  expect(widget.title.label).toBe("Models");
});
