/** Which notebook or console is worked in, and the links to their kernels. */
import type { Cell, ConsolePanel, NotebookPanel, Rendermime, SessionContext, Tracker } from "./lab";
import { type Link, makeLink } from "./link";

/** A notebook or a console: whose kernel is shown, what draws widgets, and where code goes. */
export type Place = {
  link: Link;
  name: string;
  /** Pixels from side to side. */
  width(): number;
  rendermime: Rendermime;
  insert(code: string): Promise<void>;
};

export type Places = {
  /** The one that was worked in last; null where none is open. */
  current(): Place | null;
};

type Open = NotebookPanel | ConsolePanel;

/** Follow both trackers; `changed` is called when the place, or what lives in its kernel, changes. */
export function makePlaces(
  notebooks: Tracker<NotebookPanel> | null,
  consoles: Tracker<ConsolePanel> | null,
  insertCell: () => Promise<unknown>,
  changed: () => void,
): Places {
  const links = new WeakMap<SessionContext, Link>();
  let open: Open | null = null;

  const linkOf = (context: SessionContext): Link => {
    const known = links.get(context);
    if (known) return known;
    const made = makeLink(context, changed);
    links.set(context, made);
    return made;
  };
  const choose = (panel: Open | null) => {
    const gone = open === null || open.isDisposed;
    if (panel === null && !gone) return;
    open = panel ?? notebooks?.currentWidget ?? consoles?.currentWidget ?? null;
    if (open !== null) linkOf(open.sessionContext).look();
    changed();
  };
  for (const tracker of [notebooks, consoles]) {
    tracker?.currentChanged.connect((_tracker, panel) => choose(panel));
  }
  choose(null);

  return {
    current: () => {
      if (open === null || open.isDisposed) return null;
      const panel = open;
      const shown = "console" in panel ? panel.console : panel.content;
      return {
        link: linkOf(panel.sessionContext),
        name: panel.title.label,
        width: () => panel.node.clientWidth,
        rendermime: shown.rendermime,
        insert: async (code) => {
          if ("content" in panel && !("console" in panel)) await insertCell();
          cellOf(panel)?.model.sharedModel.setSource(code);
        },
      };
    },
  };
}

function cellOf(panel: Open): Cell | null {
  return "console" in panel ? panel.console.promptCell : panel.content.activeCell;
}
