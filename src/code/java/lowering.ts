import type { Place, SourceFile } from '../../syntax/index.ts';
import type { SyntaxNode } from '../syntax-tree.ts';
import type { ClassContext } from './class-context.ts';
import type { JavaImports } from './imports.ts';

/** What the lowering of one file carries along. */
export interface Lowering {
  readonly file: SourceFile;
  readonly imports: JavaImports;
  /** The innermost class. */
  readonly class: ClassContext | undefined;
  /** Whether there is no `this`: inside of what is `static`. */
  readonly static: boolean;
  /** Variables of the enclosing blocks and parameters; filled while the method is read from top to bottom. */
  readonly locals: ReadonlySet<string>;
  readonly declare: (name: string) => void;
}

export function textOf(node: SyntaxNode, lowering: Lowering): string {
  return lowering.file.text.slice(node.start, node.end);
}

export function placeOf(node: SyntaxNode, lowering: Lowering): Place {
  return { file: lowering.file.path, span: { start: node.start, end: node.end } };
}

/** A method's own variables, which may hide those around it; Java lets no block hide a variable of its method. */
export function withLocals(lowering: Lowering, names: readonly string[]): Lowering {
  const locals = new Set([...lowering.locals, ...names]);
  return { ...lowering, locals, declare: (name) => locals.add(name) };
}
