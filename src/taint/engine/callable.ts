import type { ClassNode, FunctionNode, Module } from '../../code/index.ts';
import type { Scope } from './scope.ts';
import type { Value } from './value.ts';

/** A function with the scope it was made in. */
export interface FunctionValue {
  readonly kind: 'function';
  readonly node: FunctionNode;
  readonly scope: Scope;
  readonly module: ModuleValue;
  /** Qualified name: `init.handler`, `Store.find`. */
  readonly path: string;
  /** What `self` is inside, for a bound method or an arrow. */
  readonly self: Value | undefined;
  /** Arguments that `bind` has fixed. */
  readonly fixed?: readonly Value[];
  /** Keywords that `partial` has fixed. */
  readonly fixedNamed?: ReadonlyMap<string, Value>;
  /** The class that defines it. */
  readonly owner: ClassValue | undefined;
}

export interface ClassValue {
  readonly kind: 'class';
  readonly node: ClassNode;
  readonly scope: Scope;
  readonly module: ModuleValue;
  readonly path: string;
  readonly bases: readonly Value[];
  /** Static fields. */
  readonly object: number;
}

/** A file of the tree, or a directory on the way to one. */
export interface ModuleValue {
  readonly kind: 'module';
  readonly name: string;
  /** `undefined`: only a directory. */
  readonly module: Module | undefined;
  readonly directory: string;
  readonly scope: Scope;
  /** What JavaScript exports; fields of `module`. */
  readonly object: number;
}

/** Something of a library whose behaviour is known by a row: `call()` of a captured method. */
export interface MethodValue {
  readonly kind: 'method';
  readonly name: string;
  readonly receiver: Value;
  /** Of `bound`: the receiver is a function of a library, and these are its first arguments. */
  readonly fixed?: readonly Value[];
}

export type Callable = FunctionValue | ClassValue | ModuleValue | MethodValue;

/** Methods of `java.util.function` that make another function. */
const COMBINERS = new Set(['andThen', 'compose', 'negate', 'and', 'or', 'reversed', 'thenComparing']);

/** The one method of what a lambda stands for is the lambda itself, however it is called: `f.apply(x)`. */
export function isLambdaCall({ callables }: Value, method: string): boolean {
  return !COMBINERS.has(method) && callables.length > 0 && callables.every(({ kind }) => kind === 'function');
}
