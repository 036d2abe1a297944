/**
 * JupyterLab's own objects, as far as the sidebar touches them. They come out of the page and not
 * out of a package: the extension carries nothing of JupyterLab.
 */

export type Signal<A> = { connect(slot: (sender: unknown, args: A) => void): boolean };

export type Message = {
  header: { msg_type: string };
  parent_header: { msg_id?: string };
  content: Record<string, unknown>;
};

export type Comm = {
  open(data: Record<string, never>): unknown;
  send(data: unknown): unknown;
  onMsg: (message: { content: { data: unknown } }) => void;
  onClose: () => void;
};

export type Expression = { data?: Record<string, unknown>; evalue?: string };

export type Kernel = {
  id: string;
  info: Promise<{ language_info: { name: string } }>;
  requestExecute(content: {
    code: string;
    silent: boolean;
    store_history: boolean;
    user_expressions: Record<string, string>;
  }): { done: Promise<{ content: { user_expressions?: Record<string, Expression> } }> };
  createComm(target: string): Comm;
};

export type SessionContext = {
  path: string;
  name: string;
  session: { kernel: Kernel | null } | null;
  ready: Promise<void>;
  kernelChanged: Signal<unknown>;
  statusChanged: Signal<string>;
  iopubMessage: Signal<Message>;
};

export type LabWidget = {
  id: string;
  node: HTMLElement;
  title: { label: string; caption: string; icon: unknown; closable: boolean };
  addClass(name: string): void;
  dispose(): void;
  isDisposed: boolean;
  isVisible: boolean;
  disposed: Signal<unknown>;
};

export type LabPanel = LabWidget & {
  widgets: readonly LabWidget[];
  addWidget(widget: LabWidget): void;
};

export type Lumino = {
  Widget: new (options?: { node: HTMLElement }) => LabWidget;
  Panel: new () => LabPanel;
};

export type Rendermime = {
  createRenderer(mime: string): LabWidget & { renderModel(model: unknown): Promise<void> };
  createModel(options: { data: Record<string, unknown>; trusted: boolean }): unknown;
};

export type Cell = { model: { sharedModel: { setSource(code: string): void } } };

export type NotebookPanel = LabWidget & {
  sessionContext: SessionContext;
  content: { rendermime: Rendermime; activeCell: Cell | null };
};

export type ConsolePanel = LabWidget & {
  sessionContext: SessionContext;
  console: { rendermime: Rendermime; promptCell: Cell | null };
};

export type Tracker<P> = {
  currentWidget: P | null;
  currentChanged: Signal<P | null>;
};

export type Shell = {
  add(widget: LabWidget, area: string, options?: Record<string, unknown>): void;
  activateById(id: string): void;
  /** Only in Notebook 7, whose sides are closed until they are opened. */
  expandRight?(id: string): void;
  expandLeft?(id: string): void;
};

export type Commands = {
  addCommand(
    id: string,
    options: {
      label: string;
      caption?: string;
      execute: () => unknown;
      isEnabled?: () => boolean;
    },
  ): void;
  execute(id: string): Promise<unknown>;
  notifyCommandChanged(): void;
};

export type App = { shell: Shell; commands: Commands };

export type Palette = { addItem(item: { command: string; category: string }): void };

export type Restorer = { add(widget: LabWidget, name: string): void };

export type Settings = {
  composite: Record<string, unknown>;
  changed: Signal<unknown>;
};

export type SettingRegistry = { load(plugin: string): Promise<Settings> };

export type StateDB = {
  fetch(id: string): Promise<unknown>;
  save(id: string, value: unknown): Promise<void>;
};
