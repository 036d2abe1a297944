/** The sidebar: the models of the kernel that is worked in, and the gui of the one that is chosen. */
import { make, setText } from "../src/dom";
import type { Reply } from "../src/requests";
import type { ModelLine } from "../src/schema.gen";
import type { LabPanel, LabWidget, Lumino, Shell } from "./lab";
import type { Link } from "./link";
import { makeForm, makeList } from "./list";
import type { Place, Places } from "./places";

const MIME = "application/vnd.jupyter.widget-view+json";
/** Milliseconds after which the panel says that it waits for the kernel. */
const PATIENCE = 800;
/** Pixels of a notebook below which a plot is a tab on it, and not beside it. */
const NARROW = 640;

export type Options = { components: boolean; reopen: boolean };

export type Memory = {
  /** The name of the model that was chosen last in a file. */
  load(path: string): Promise<string | null>;
  save(path: string, name: string): void;
};

/** Something done to the chosen model; without a label it has no button, since the gui has one. */
export type Deed = { id: string; label?: string; caption: string; run: () => Promise<void> };

export type Sidebar = {
  widget: LabPanel;
  deeds: readonly Deed[];
  chosen(): ModelLine | null;
  newModel(): void;
  draw(): void;
};

/** The widget that shows a model of widgets, by the id of its top one. */
async function render(place: Place, id: string): Promise<LabWidget> {
  const { rendermime } = place;
  const renderer = rendermime.createRenderer(MIME);
  const data = { [MIME]: { version_major: 2, version_minor: 0, model_id: id } };
  await renderer.renderModel(rendermime.createModel({ data, trusted: true }));
  return renderer;
}

export function makeSidebar(
  lumino: Lumino,
  shell: Shell,
  several: () => boolean,
  places: () => Places,
  options: () => Options,
  memory: Memory,
  changed: () => void,
): Sidebar {
  const picked = new WeakMap<Link, { key: string; name: string }>();
  const remembered = new WeakSet<Link>();
  let shown: { link: Link; key: string } | null = null;
  let timer = 0;
  let suggested = "";

  const where = make("span", { className: "hsj-side-where" });
  const empty = make("p", { className: "hsj-side-quiet" });
  const models = make("ul", { className: "hsj-side-list" }, { "aria-label": "models" });
  const bar = make("div", { className: "hsj-side-bar" }, { role: "toolbar" });
  const path = make("input", { type: "text", className: "hsj-side-field" });
  const replace = make("input", { type: "checkbox" });
  const saving = make("form", { className: "hsj-side-save", hidden: true });
  const problem = make("p", { className: "hsj-side-problem", hidden: true }, { role: "alert" });
  const note = make("p", { className: "hsj-side-quiet" }, { role: "status" });
  const view = new lumino.Panel();
  view.addClass("hsj-side-view");

  const place = () => places().current();
  const chosen = (): ModelLine | null => {
    const link = place()?.link;
    const key = link && picked.get(link)?.key;
    return link?.record()?.models.find((line) => line.key === key) ?? null;
  };
  const say = (text: string, wrong = false) => {
    setText(problem, wrong ? text : "");
    problem.hidden = !wrong || text === "";
    setText(note, wrong ? "" : text);
  };
  // What the page could not draw, or where it could not put it.
  const fail = (error: unknown) => say(String(error), true);
  async function ask(kind: string, fields: Record<string, unknown> = {}): Promise<Reply | null> {
    const here = place();
    const model = chosen()?.key;
    if (here === null || model === undefined) return null;
    say("");
    const reply = await here.link.ask({ kind, model, ...fields });
    if (!reply.ok) say(reply.error, true);
    return reply.ok ? reply : null;
  }
  async function insert(kind: string): Promise<void> {
    const here = place();
    const reply = await ask(kind);
    if (reply !== null) await here?.insert(reply.text);
  }
  async function openBeside(): Promise<void> {
    const here = place();
    const line = chosen();
    const reply = await ask("plot");
    if (here === null || line === null || reply === null) return;
    const tab = new lumino.Panel();
    tab.id = `hsj-plot-${line.key}`;
    const known = document.getElementById(tab.id);
    if (known !== null) {
      tab.dispose();
      shell.activateById(known.id);
      return;
    }
    tab.title.label = `${line.name}: plot`;
    if (several()) tab.title.icon = widget.title.icon;
    tab.title.closable = true;
    tab.addClass("hsj-side-plot");
    tab.addWidget(await render(here, reply.text));
    // Beside the other plots; half of a narrow place shows neither the notebook nor the plot.
    const ref = document.querySelector(".hsj-side-plot")?.id;
    const mode = ref || here.width() < NARROW ? "tab-after" : "split-right";
    // Notebook 7 has one place in the middle, and it is taken.
    shell.add(tab, several() ? "main" : "down", ref ? { mode, ref } : { mode });
    shell.activateById(tab.id);
  }
  async function keep(): Promise<void> {
    const reply = await ask("store");
    if (reply !== null) say(reply.text);
  }
  const asking = (kind: string) => async () => void (await ask(kind));
  const deeds: readonly Deed[] = [
    { id: "fit", caption: "fit the current pixel", run: asking("fit") },
    { id: "multifit", caption: "fit every pixel of the map", run: asking("multifit") },
    { id: "cancel", caption: "end the fit of the map", run: asking("cancel") },
    {
      id: "plot",
      label: "Plot beside",
      caption: "open the plot in a tab of its own",
      run: openBeside,
    },
    {
      id: "store",
      label: "Keep a copy",
      caption: "keep a copy of the model in its signal",
      run: keep,
    },
    {
      id: "save",
      label: "Save …",
      caption: "write the signal and its models to a file",
      run: async () => {
        saving.hidden = !saving.hidden;
        if (saving.hidden) return;
        // What a person wrote stays.
        if (path.value === suggested) {
          suggested = `${chosen()?.name.replace(/\W+/g, "_").replace(/_$/, "")}.hspy`;
          path.value = suggested;
        }
        path.focus();
        path.select();
      },
    },
    {
      id: "definition",
      label: "Insert as code",
      caption: "put the Python that makes this model into the notebook",
      run: () => insert("definition"),
    },
    {
      id: "changes",
      label: "Insert changes",
      caption: "put what was changed by hand into the notebook, as Python",
      run: () => insert("changes"),
    },
  ];
  const buttons = new Map<string, HTMLButtonElement>();
  for (const { id, label, caption, run } of deeds) {
    if (label === undefined) continue;
    const properties = { type: "button", className: "hsj-side-button", title: caption } as const;
    const button = make("button", properties, {}, label);
    button.addEventListener("click", () => void run().catch(fail));
    buttons.set(id, button);
    bar.append(button);
  }
  saving.append(
    make("label", {}, {}, "File", path),
    make("label", { className: "hsj-side-check" }, {}, replace, "replace one that is there"),
    make("button", { type: "submit", className: "hsj-side-button" }, {}, "Save"),
  );
  saving.addEventListener("submit", async (event) => {
    event.preventDefault();
    const reply = await ask("save", { path: path.value.trim(), overwrite: replace.checked });
    if (reply === null) return;
    saving.hidden = true;
    say(`saved as ${reply.text}`);
  });

  const choose = (key: string) => {
    const link = place()?.link;
    const line = link?.record()?.models.find((one) => one.key === key);
    if (!link || !line) return;
    picked.set(link, { key, name: line.name });
    memory.save(link.context.path, line.name);
    say("");
    draw();
  };
  const list = makeList(models, choose, () => options().components);
  const form = makeForm(async (signal, name, components) => {
    const link = place()?.link;
    if (!link) return false;
    const reply = await link.ask({ kind: "create", signal, name, components });
    say(reply.error, !reply.ok);
    if (reply.ok) choose(reply.text);
    return reply.ok;
  });

  const head = make("header", {}, {}, make("h2", {}, {}, "Models"), where);
  const top = new lumino.Widget();
  top.addClass("hsj-side-top");
  const section = make("section", { className: "hsj-side-chosen" }, {}, bar, saving);
  top.node.append(head, empty, models, form.el, section, problem, note);
  const widget = new lumino.Panel();
  widget.id = "hsjupyter-models";
  widget.addClass("hsj-side");
  widget.node.setAttribute("role", "region");
  widget.node.setAttribute("aria-label", "models of the kernel");
  widget.title.caption = "Models (hsjupyter)";
  widget.addWidget(top);
  widget.addWidget(view);

  function clear(): void {
    for (const one of [...view.widgets]) one.dispose();
  }

  /** Show the gui of the chosen model; what was asked for last counts. */
  async function show(here: Place, key: string): Promise<void> {
    const mine = { link: here.link, key };
    shown = mine;
    clear();
    const reply = await here.link.ask({ kind: "show", model: key });
    if (shown !== mine) return;
    if (!reply.ok) {
      say(reply.error, true);
      return;
    }
    try {
      const made = await render(here, reply.text);
      if (shown === mine) view.addWidget(made);
      else made.dispose();
    } catch (error) {
      fail(error);
    }
  }

  /** A model that was chosen before, by its name: after a reload or a restart it is another. */
  function pickAgain(link: Link): void {
    const record = link.record();
    if (record === null) return;
    const before = picked.get(link);
    const same = record.models.find((line) => line.key === before?.key);
    if (same !== undefined) {
      picked.set(link, { key: same.key, name: same.name });
      return;
    }
    const again = before && record.models.find((line) => line.name === before.name);
    if (again) picked.set(link, { key: again.key, name: again.name });
    if (before !== undefined || remembered.has(link) || !options().reopen) return;
    remembered.add(link);
    void memory.load(link.context.path).then((name) => {
      const line = link.record()?.models.find((one) => one.name === name);
      if (line === undefined || picked.has(link)) return;
      picked.set(link, { key: line.key, name: line.name });
      draw();
    });
  }

  function draw(): void {
    const here = place();
    const record = here?.link.record() ?? null;
    if (here !== null) pickAgain(here.link);
    const line = chosen();
    setText(where, here?.name ?? "");
    empty.hidden = record !== null && record.models.length > 0;
    setText(empty, here === null ? "No notebook or console is open." : EMPTY);
    list.draw(record, line?.key ?? null);
    form.el.hidden = record === null;
    form.draw(record);
    section.hidden = line === null;
    if (line === null) {
      saving.hidden = true;
      if (shown !== null) {
        shown = null;
        clear();
        say("");
      }
    } else {
      section.setAttribute("aria-label", `model ${line.name}`);
      for (const id of ["store", "save"]) {
        const button = buttons.get(id);
        if (button) button.disabled = line.busy !== "";
      }
      if (here !== null && (shown?.link !== here.link || shown.key !== line.key)) {
        void show(here, line.key);
      }
    }
    watchPatience(here);
    changed();
  }

  function watchPatience(here: Place | null): void {
    const waits = (here?.link.waiting() ?? 0) > 0;
    if (!waits) {
      window.clearTimeout(timer);
      timer = 0;
      if (note.textContent === WAITS) setText(note, "");
    } else if (timer === 0) {
      timer = window.setTimeout(() => setText(note, WAITS), PATIENCE);
    }
  }

  return { widget, deeds, chosen, newModel: () => form.open(), draw };
}

const EMPTY =
  "No model lives in this kernel. Run a cell that makes one, such as m = s.create_model(), " +
  "or make one here from a signal.";
const WAITS = "waiting for the kernel: a cell is running …";
