// Makes hsjupyter/gui/static/: widget.{js,css} out of src/, and lab/, JupyterLab's extension, out of
// lab/. Everything is inside these files: a page behind a firewall sees the same widget.
import { createHash } from "node:crypto";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const made = fileURLToPath(new URL("../hsjupyter/gui/static/", import.meta.url));
const watched = process.argv.includes("--watch");

/** @type {esbuild.BuildOptions} */
const common = {
  absWorkingDir: here,
  bundle: true,
  target: "es2022",
  minify: !watched,
  legalComments: "inline",
  logLevel: "info",
};

/** @type {esbuild.BuildOptions} */
const widget = {
  ...common,
  entryPoints: [
    { in: "src/index.ts", out: "widget" },
    { in: "src/page/index.ts", out: "desk" },
    { in: "src/style.css", out: "widget" },
  ],
  outdir: made,
  format: "esm",
  ...(watched ? { sourcemap: "inline" } : {}),
};

/** The extension, laid out as JupyterLab looks for it. */
async function buildLab() {
  const built = await esbuild.build({
    ...common,
    entryPoints: ["lab/container.ts"],
    loader: { ".css": "text" },
    format: "iife",
    write: false,
  });
  const [script] = built.outputFiles;
  // Browsers keep scripts: a new one needs a new name.
  const name = `remoteEntry.${createHash("sha256").update(script.contents).digest("hex").slice(0, 12)}.js`;
  const manifest = JSON.parse(await readFile(`${here}lab/package.json`, "utf8"));
  manifest.jupyterlab._build.load = `static/${name}`;
  const place = `${made}lab/`;
  await rm(place, { recursive: true, force: true });
  await mkdir(`${place}static`, { recursive: true });
  await cp(`${here}lab/schema`, `${place}schemas/hsjupyter`, { recursive: true });
  await writeFile(`${place}static/${name}`, script.contents);
  // Last: a build that has it is whole.
  await writeFile(`${place}package.json`, `${JSON.stringify(manifest, null, 2)}\n`);
}

if (watched) {
  const context = await esbuild.context(widget);
  await context.watch();
} else {
  await Promise.all([esbuild.build(widget), buildLab()]);
}
