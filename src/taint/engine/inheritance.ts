import type { FunctionValue } from './callable.ts';
import { matchesDotted } from './dotted-pattern.ts';

/** Bases of bases that are looked at. */
const DEEPEST_BASE = 8;

/** Whether a class comes from a base of this name, by however many classes of the tree. */
export function inherits(owner: NonNullable<FunctionValue['owner']>, base: string, depth = 0): boolean {
  if (depth > DEEPEST_BASE) return false;
  return owner.bases.some(
    (value) =>
      isNamed(value.name, base) ||
      value.callables.some((callable) => callable.kind === 'class' && inherits(callable, base, depth + 1)),
  );
}

/** What a service of gRPC embeds has the name of the service in its own: `pb.UnimplementedFilesServer`. */
const EMBEDDED_SERVER = /\.Unimplemented\w+Server$/;

function isNamed(name: string | undefined, base: string): boolean {
  if (name === undefined || !base.startsWith('*')) return name === base;
  return matchesDotted(base, name.replace(EMBEDDED_SERVER, '.UnimplementedServer'));
}
