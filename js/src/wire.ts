/** Read, watch and ask: the only file that touches model.get, on, off and send. */
import type { AnyModel } from "@anywidget/types";
import type { HostState } from "./schema.gen";

export type HostModel = AnyModel<HostState>;
export type Name = keyof HostState & string;

/** Call `draw` when one of the traits changes, until `signal` aborts. */
export function watch(
  model: HostModel,
  names: readonly Name[],
  draw: () => void,
  signal: AbortSignal,
): void {
  for (const name of names) {
    model.on(`change:${name}`, draw);
    signal.addEventListener("abort", () => model.off(`change:${name}`, draw), { once: true });
  }
}

/** Call `hear` with every custom message of the kernel, until `signal` aborts. */
export function hearMessages(
  model: HostModel,
  hear: (content: unknown) => void,
  signal: AbortSignal,
): void {
  const call = (content: unknown) => hear(content);
  model.on("msg:custom", call);
  signal.addEventListener("abort", () => model.off("msg:custom", call), { once: true });
}

/** Call `patch` when the kernel sends some numbers of a binary trait; the trait has them then. */
export function hearPatches(
  model: HostModel,
  name: Name,
  patch: (which: Uint32Array, values: Float64Array) => void,
  signal: AbortSignal,
): void {
  const call = (content: unknown, buffers: DataView[]) => {
    if ((content as { patch?: unknown }).patch !== name) return;
    const [places, numbers] = buffers;
    if (places === undefined || numbers === undefined) return;
    const which = new Uint32Array(
      places.buffer.slice(places.byteOffset, places.byteOffset + places.byteLength),
    );
    const values = float64(numbers);
    const whole = model.get(name) as unknown as DataView;
    which.forEach((place, k) => {
      if (8 * place < whole.byteLength) whole.setFloat64(8 * place, values[k] ?? Number.NaN, true);
    });
    patch(which, values);
  };
  model.on("msg:custom", call);
  signal.addEventListener("abort", () => model.off("msg:custom", call), { once: true });
}

/** A widget of another library on the same page, by its id. */
export function otherModel(model: HostModel, id: string): Promise<unknown> {
  return model.widget_manager.get_model(id);
}

/** Interrupt the cell that runs; where the page may not, nothing happens. */
export async function interrupt(model: HostModel): Promise<void> {
  const { kernel } = model.widget_manager as { kernel?: { interrupt?(): Promise<void> } };
  await kernel?.interrupt?.();
}

/** The numbers behind a binary trait. */
export function float64(view: DataView): Float64Array {
  const { buffer, byteOffset, byteLength } = view;
  return byteOffset % 8 === 0
    ? new Float64Array(buffer, byteOffset, byteLength / 8)
    : new Float64Array(buffer.slice(byteOffset, byteOffset + byteLength));
}
