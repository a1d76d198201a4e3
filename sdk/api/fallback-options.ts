import type { RemoteModel } from '../loaded-model/remote-model.ts';
import type { CanRun } from '../loading/judge-source.ts';
import type { Capabilities } from './probe.ts';

/** What stands in for a model that is too much for the visitor's machine. */
export interface FallbackOptions {
  /** What `connect` gives. Nothing is sent to it before it is chosen and called; `model.place` tells which it was. */
  fallback?: RemoteModel;
  /**
   * When it is chosen.
   *
   * A function is asked once, before any weights are downloaded, with what `canRun` and `probe` say. It alone decides.
   *
   * An object asks for a measurement: the model is loaded, which takes its download, and writes a few tokens; if it writes fewer a
   * second than that, it is disposed of, and the fallback serves. It also serves where the model does not run here.
   *
   * @default where the model does not run here: `canRun` says so, or its memory turns out not to be had
   */
  when?:
    | ((found: { readonly canRun: CanRun; readonly capabilities: Capabilities }) => boolean | Promise<boolean>)
    | { readonly tokensPerSecondBelow: number };
}
