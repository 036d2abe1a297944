/**
 * The container that JupyterLab's loader looks for: `window._JUPYTERLAB[name]` with `init` and `get`.
 * What JupyterLab has itself comes out of the scope it hands over. Where the page has none of it,
 * as in Voila, there is no plugin and no error.
 */
import { makePlugin, type Parts } from "./plugin";

type Factory = () => unknown;
type Scope = Record<string, Record<string, { get: () => Promise<Factory> | Factory }>>;
type Container = {
  init(scope: Scope): void;
  get(module: string): Promise<Factory>;
};

const WANTED = {
  application: "@jupyterlab/application",
  notebook: "@jupyterlab/notebook",
  lumino: "@lumino/widgets",
  console: "@jupyterlab/console",
  apputils: "@jupyterlab/apputils",
  settings: "@jupyterlab/settingregistry",
  state: "@jupyterlab/statedb",
  icons: "@jupyterlab/ui-components",
} as const;

let scope: Scope = {};

async function load(name: string): Promise<Record<string, unknown> | null> {
  const versions = scope[name] ?? {};
  const order = new Intl.Collator("en", { numeric: true });
  const newest = Object.keys(versions).sort(order.compare).at(-1);
  if (newest === undefined) return null;
  try {
    const factory = await versions[newest]?.get();
    return (factory?.() ?? null) as Record<string, unknown> | null;
  } catch {
    return null;
  }
}

async function loadAll(): Promise<Parts> {
  const names = Object.entries(WANTED);
  const loaded = await Promise.all(names.map(([, name]) => load(name)));
  return Object.fromEntries(names.map(([key], i) => [key, loaded[i] ?? {}])) as Parts;
}

const container: Container = {
  init(given) {
    scope = given;
  },
  async get(module) {
    if (module !== "./extension") throw new Error(`hsjupyter: there is no module ${module}`);
    const plugin = makePlugin(await loadAll());
    return () => ({ __esModule: true, default: plugin ?? [] });
  },
};

const page = globalThis as unknown as { _JUPYTERLAB?: Record<string, Container> };
page._JUPYTERLAB ??= {};
page._JUPYTERLAB.hsjupyter = container;
