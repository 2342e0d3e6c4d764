import type { Statement } from '../ir.ts';
import type { InFile } from '../places.ts';
import type { ClassContext } from './class-context.ts';
import type { JavaImports } from './imports.ts';

/** What the lowering of one file carries along. */
export interface Lowering extends InFile {
  readonly imports: JavaImports;
  /** The innermost class. */
  readonly class: ClassContext | undefined;
  /** Whether there is no `this`: inside of what is `static`. */
  readonly static: boolean;
  /** Variables of the enclosing blocks and parameters; filled while the method is read from top to bottom. */
  readonly locals: ReadonlySet<string>;
  readonly declare: (name: string) => void;
  /** Blocks that run once when a class is loaded: after all classes of the file are there. */
  readonly initialisers: Statement[];
}

/** A method's own variables, which may hide those around it; Java lets no block hide a variable of its method. */
export function withLocals(lowering: Lowering, names: readonly string[]): Lowering {
  const locals = new Set([...lowering.locals, ...names]);
  return { ...lowering, locals, declare: (name) => locals.add(name) };
}
