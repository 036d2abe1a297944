/** The plugin: puts the sidebar into JupyterLab or Notebook 7, with commands and settings. */

import type {
  App,
  ConsolePanel,
  Lumino,
  NotebookPanel,
  Palette,
  Restorer,
  SettingRegistry,
  Settings,
  Shell,
  StateDB,
  Tracker,
} from "./lab";
import style from "./lab.css";
import { type Memory, makeSidebar, type Sidebar } from "./panel";
import { makePlaces, type Places } from "./places";

const ID = "hsjupyter:sidebar";
const CATEGORY = "hsjupyter";
const SHOW = "hsjupyter:show-models";
const NEW = "hsjupyter:new-model";

/** Modules of the page; one that is not there is empty. */
export type Parts = Record<
  "application" | "notebook" | "lumino" | "console" | "apputils" | "settings" | "state" | "icons",
  Record<string, unknown>
>;

type LabIconClass = new (options: { name: string; svgstr: string }) => unknown;

/** A line above its axis. */
const ICON = `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 16 16">
<path class="jp-icon3" fill="#616161" d="M1 13h14v1.500H1z"/>
<path class="jp-icon3" fill="#616161" d="M1 11.800c3.800 0 3.600-9.800 7-9.800s3.200 9.800 7 9.800v-1.500c-2.800 0-2.300-9.800-7-9.800s-4.200 9.800-7 9.800z"/>
</svg>`;

type Services = [
  Tracker<NotebookPanel> | null,
  Tracker<ConsolePanel> | null,
  Restorer | null,
  Palette | null,
  SettingRegistry | null,
  StateDB | null,
  unknown,
];

/** The plugin; null where the page has no notebooks to stand beside. */
export function makePlugin(parts: Parts): object | null {
  const { INotebookTracker } = parts.notebook;
  if (!INotebookTracker || !parts.lumino.Panel || !parts.application.ILayoutRestorer) return null;
  const tokens = [
    INotebookTracker,
    parts.console.IConsoleTracker,
    parts.application.ILayoutRestorer,
    parts.apputils.ICommandPalette,
    parts.settings.ISettingRegistry,
    parts.state.IStateDB,
    parts.application.ILabShell,
  ];
  const there = tokens.map((token) => token !== undefined);
  return {
    id: ID,
    description: "Lists the models of a kernel beside the notebook.",
    autoStart: true,
    requires: [],
    optional: tokens.filter((token) => token !== undefined),
    activate: async (app: App, ...given: unknown[]) => {
      const services = there.map((one) => (one ? (given.shift() ?? null) : null));
      const LabIcon = parts.icons.LabIcon as LabIconClass | undefined;
      const icon = LabIcon && new LabIcon({ name: "hsjupyter:model", svgstr: ICON });
      await activate(app, parts.lumino as unknown as Lumino, services as Services, icon);
    },
  };
}

async function activate(
  app: App,
  lumino: Lumino,
  services: Services,
  icon: unknown,
): Promise<void> {
  const [notebooks, consoles, restorer, palette, registry, state, labShell] = services;
  if (notebooks === null) return;
  const { commands, shell } = app;
  document.head.append(Object.assign(document.createElement("style"), { textContent: style }));
  const options = { components: true, reopen: true };
  let places: Places = { current: () => null };
  const sidebar = makeSidebar(
    lumino,
    shell,
    () => labShell !== null,
    () => places,
    () => options,
    makeMemory(state),
    () => commands.notifyCommandChanged(),
  );
  if (icon === undefined) sidebar.widget.title.label = "Models";
  else sidebar.widget.title.icon = icon;
  const insertCell = () => commands.execute("notebook:insert-cell-below");
  places = makePlaces(notebooks, consoles, insertCell, sidebar.draw);
  let side = "";
  const show = () => showPanel(shell, sidebar.widget.id, side);
  const follow = (settings: Settings | null) => {
    const { components, reopen, side: chosen } = settings?.composite ?? {};
    options.components = components !== false;
    options.reopen = reopen !== false;
    const wanted = chosen === "left" ? "left" : "right";
    if (wanted !== side) {
      const seen = sidebar.widget.isVisible;
      side = wanted;
      shell.add(sidebar.widget, side, { rank: 500 });
      if (seen) show();
    }
    sidebar.draw();
  };
  restorer?.add(sidebar.widget, sidebar.widget.id);
  const loaded = loadSettings(registry);
  addCommands(app, sidebar, palette, async () => {
    await loaded;
    show();
  });
  // JupyterLab waits for this, and then opens what was open: the panel has to be on its side by then.
  const settings = await loaded;
  settings?.changed.connect(() => follow(settings));
  follow(settings);
}

async function loadSettings(registry: SettingRegistry | null): Promise<Settings | null> {
  try {
    return (await registry?.load(ID)) ?? null;
  } catch (reason) {
    console.warn(`hsjupyter: its settings are not there: ${reason}`);
    return null;
  }
}

function showPanel(shell: Shell, id: string, side: string): void {
  if (side === "right") shell.expandRight?.(id);
  else shell.expandLeft?.(id);
  shell.activateById(id);
}

function addCommands(
  app: App,
  sidebar: Sidebar,
  palette: Palette | null,
  show: () => Promise<void>,
): void {
  const add = (id: string, label: string, execute: () => unknown, isEnabled = () => true) => {
    app.commands.addCommand(id, { label, execute, isEnabled });
    palette?.addItem({ command: id, category: CATEGORY });
  };
  add(SHOW, "Models of the Kernel", show);
  add(NEW, "New Model of a Signal", async () => {
    await show();
    sidebar.newModel();
  });
  for (const deed of sidebar.deeds) {
    add(
      `hsjupyter:${deed.id}`,
      `Chosen Model: ${deed.caption}`,
      deed.run,
      () => sidebar.chosen() !== null,
    );
  }
}

/** The names of chosen models, by file, in JupyterLab's own memory. */
function makeMemory(state: StateDB | null): Memory {
  const place = (path: string) => `hsjupyter:chosen:${path}`;
  return {
    async load(path) {
      const kept = await state?.fetch(place(path));
      return typeof kept === "string" ? kept : null;
    },
    save(path, name) {
      void state?.save(place(path), name);
    },
  };
}
