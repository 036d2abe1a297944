/** The figures of a plot as one picture, with the colours that they have on the page. */
import { type Mark, viewsOf } from "./marks";

const STYLES = [
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-width",
  "stroke-opacity",
  "stroke-dasharray",
  "paint-order",
  "opacity",
  "font-family",
  "font-size",
  "font-weight",
  "text-anchor",
  "dominant-baseline",
  "visibility",
  "display",
] as const;
/** Pixels of a picture for each of the page. */
const FINE = 2;

/** Download figures, one below the other. */
export async function exportPicture(
  figures: readonly Mark[],
  name: string,
  format: "png" | "svg",
): Promise<void> {
  const drawn = await drawingOf(figures);
  const svg = new Blob([drawn.text], { type: "image/svg+xml" });
  download(format === "svg" ? svg : await asPicture(drawn), `${name}.${format}`);
}

type Drawing = { text: string; width: number; height: number };

/** The figures as one SVG. */
export async function drawingOf(figures: readonly Mark[]): Promise<Drawing> {
  const parts: string[] = [];
  let [width, height] = [0, 0];
  let paper = "#ffffff";
  for (const figure of figures) {
    const [view] = await viewsOf(figure);
    const { el } = (view ?? {}) as { el?: unknown };
    if (!(el instanceof HTMLElement)) throw new Error("the figure is not on the page");
    const box = el.getBoundingClientRect();
    paper = paperOf(el) ?? paper;
    const inside: string[] = [];
    for (const one of el.querySelectorAll<SVGSVGElement>(":scope > svg, :scope > div > svg")) {
      if (one.classList.contains("hsj-overlay")) continue;
      const at = one.getBoundingClientRect();
      const copy = styled(one);
      copy.setAttribute("x", String(at.left - box.left));
      copy.setAttribute("y", String(at.top - box.top));
      copy.setAttribute("width", String(at.width));
      copy.setAttribute("height", String(at.height));
      inside.push(new XMLSerializer().serializeToString(copy));
    }
    parts.push(`<g transform="translate(0,${height})">${inside.join("")}</g>`);
    width = Math.max(width, box.width);
    height += box.height;
  }
  const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
  const text = `<svg xmlns="http://www.w3.org/2000/svg" ${size}><rect width="100%" height="100%" fill="${paper}"/>${parts.join("")}</svg>`;
  return { text, width, height };
}

/** A copy that looks the same without the page's styles. */
function styled(svg: SVGSVGElement): SVGSVGElement {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const from = [svg, ...svg.querySelectorAll("*")];
  const to = [copy, ...copy.querySelectorAll("*")];
  from.forEach((one, k) => {
    const style = getComputedStyle(one);
    const said = STYLES.map((name) => `${name}:${style.getPropertyValue(name)}`);
    to[k]?.setAttribute("style", said.join(";"));
  });
  return copy;
}

/** The colour behind an element; null where nothing has one. */
function paperOf(el: Element): string | null {
  for (let one: Element | null = el; one !== null; one = one.parentElement) {
    const colour = getComputedStyle(one).backgroundColor;
    if (colour && colour !== "transparent" && !/, 0\)$/.test(colour)) return colour;
  }
  return null;
}

async function asPicture({ text, width, height }: Drawing): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = FINE * width;
  canvas.height = FINE * height;
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, fail) =>
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : fail(new Error("no picture came"))),
      "image/png",
    ),
  );
}

function download(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
