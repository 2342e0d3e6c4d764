import { type Arguments, positionalArguments } from './arguments.ts';
import { type Builtin, type BuiltinCall, callValue } from './builtin.ts';
import { withFixed } from './script-functions.ts';
import { UNKNOWN, type Value } from './value.ts';

/** Calls of Python that run a function at another time or place: what they are given, it is given. */

/** The function at this position, with the arguments behind it: `loop.run_in_executor(None, f, a)`. */
function behind(at: number): Builtin {
  return (call) =>
    runLater(call.given.positional[at], { ...call.given, positional: call.given.positional.slice(at + 1) }, call);
}

/** `task.delay(a)`, `task.s(a)` are `task(a)` (docs.celeryq.dev, Calling Tasks). */
const sameArguments: Builtin = (call) => runLater(call.receiver, call.given, call);

/** `task.apply_async(args=[a], kwargs={b: c})`, `pool.apply_async(f, [a])`. */
const listedArguments: Builtin = (call) => {
  const [first = UNKNOWN, second] = call.given.positional;
  if (isOfTree(call.receiver)) return runLater(call.receiver, unpacked(first, second, call), call);
  return runLater(first, unpacked(second, undefined, call), call);
};

/** `Thread(target=f, args=(a,), kwargs={b: c})`. */
const namedTarget: Builtin = (call) => {
  const { named } = call.given;
  runLater(named.get('target'), unpacked(named.get('args'), named.get('kwargs'), call), call);
  return undefined;
};

/** `partial(f, a, b=c)` is `f` with its first argument and a keyword fixed. */
const partial: Builtin = ({ given }) => {
  const [target, ...fixed] = given.positional;
  if (!target) return undefined;
  if (given.named.size === 0) return withFixed(target, fixed);
  if (!isOfTree(target)) return undefined;
  const callables = target.callables.map((callable) =>
    callable.kind === 'function'
      ? { ...callable, fixedNamed: new Map([...(callable.fixedNamed ?? []), ...given.named]) }
      : callable,
  );
  return withFixed({ ...target, callables }, fixed);
};

function unpacked(list: Value | undefined, map: Value | undefined, { given, machine }: BuiltinCall): Arguments {
  const positional = given.named.get('args') ?? list ?? UNKNOWN;
  const named = given.named.get('kwargs') ?? map ?? UNKNOWN;
  return {
    ...positionalArguments(machine.onlyObject(positional)?.object.items ?? []),
    named: machine.onlyObject(named, 'map')?.object.entries ?? new Map(),
  };
}

function isOfTree(value: Value): boolean {
  return value.callables.some(({ kind }) => kind === 'function');
}

/** What it gives is no more known here than what any library gives. */
function runLater(target: Value | undefined, given: Arguments, call: BuiltinCall): Value | undefined {
  if (!target || !isOfTree(target)) return undefined;
  const { place, machine, frame } = call;
  return callValue(target, given, place, machine, frame) ?? UNKNOWN;
}

export const DEFERRED_FUNCTIONS: Readonly<Record<string, Builtin>> = {
  'asyncio.to_thread': behind(0),
  'anyio.to_thread.run_sync': behind(0),
  'starlette.concurrency.run_in_threadpool': behind(0),
  'fastapi.concurrency.run_in_threadpool': behind(0),
  'threading.Thread': namedTarget,
  'multiprocessing.Process': namedTarget,
  'functools.partial': partial,
};

export const DEFERRED_METHODS: Readonly<Record<string, Builtin>> = {
  delay: sameArguments,
  s: sameArguments,
  si: sameArguments,
  apply_async: listedArguments,
  run_in_executor: behind(1),
  submit: behind(0),
  add_task: behind(0),
  enqueue: behind(0),
  enqueue_in: behind(1),
  call_soon: behind(0),
  call_later: behind(1),
};
