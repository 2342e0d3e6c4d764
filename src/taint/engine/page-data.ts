import type { BuiltinCall } from './builtin.ts';
import type { FunctionValue } from './callable.ts';
import { bindEntryParameters, entryPointsOf } from './entry-points.ts';
import { mapObject } from './heap-object.ts';
import { functionFrame, runBody } from './invoke.ts';
import type { Frame, Machine } from './machine.ts';
import { readMember } from './members.ts';
import { exportsOf, moduleFrame } from './modules.ts';
import { readName } from './names.ts';
import { objectValue, type Value } from './value.ts';

/**
 * What the function of a file gives that fetches data for the page in the same file, and runs where the request is:
 * `loader` (Remix, React Router), `getServerSideProps` (Next.js). `undefined`: there is none that outsiders reach.
 */
function dataFrom(name: string, machine: Machine, frame: Frame): Value | undefined {
  const { module } = frame;
  if (!module.module || frame.depth >= machine.limits.callDepth || module.scope.own(name) === undefined)
    return undefined;
  const inside = moduleFrame(module, machine.store, machine);
  const place = { file: module.module.file.path, span: { start: 0, end: 0 } };
  const closure = readName(name, place, machine, inside).callables.find(({ kind }) => kind === 'function');
  if (closure?.kind !== 'function') return undefined;
  const entries = entryPointsOf(closure, machine);
  if (entries.length === 0) return undefined;
  const bind = (running: Frame): void => bindEntryParameters(closure, entries, false, machine, running);
  return runBody(functionFrame(closure, machine, frame), closure, bind, machine);
}

/** `useLoaderData()`: what the loader of the route gives (reactrouter.com, Data Loading). */
export function loaderData({ machine, frame }: BuiltinCall): Value | undefined {
  return dataFrom('loader', machine, frame);
}

/** What the framework gives the component that a file of a route exports; `undefined` for any other function. */
export function givenToPage(closure: FunctionValue, machine: Machine, frame: Frame): Value | undefined {
  if (closure.owner || closure.node.parameters.length === 0 || closure.path.includes('.')) return undefined;
  const page = exportsOf(closure.module, machine).objects.map((id) => machine.object(id).entries.get('default'));
  if (!page.some((value) => value?.callables.some((one) => one.kind === 'function' && one.node === closure.node)))
    return undefined;
  const fetched = dataFrom('getServerSideProps', machine, frame);
  if (fetched) return readMember(fetched, 'props', closure.node.place, machine, frame);
  const loaded = dataFrom('loader', machine, frame);
  return loaded && objectValue(machine.newObject(mapObject(new Map([['loaderData', loaded]]))));
}
