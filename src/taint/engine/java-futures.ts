import { type Builtin, callBack } from './builtin.ts';
import { CALLBACK_METHODS } from './callback-methods.ts';
import { UNKNOWN } from './value.ts';

/** `CompletableFuture.supplyAsync(() -> value)`, `executor.submit(() -> value)`: what the function gives. */
const supplied: Builtin = (call) => {
  const [supplier] = call.given.positional;
  if (!supplier || supplier.callables.length === 0) return undefined;
  return callBack(supplier, [], call);
};

/** `future.thenApply(function)`: the function is given what the future holds. */
const next: Builtin = (call) => CALLBACK_METHODS['then']?.(call);

/** `future.whenComplete((value, error) -> …)` gives the future on. */
const watched: Builtin = (call) => (next(call) === undefined ? undefined : call.receiver);

/** `future.thenCombine(other, (one, two) -> …)`. */
const combined: Builtin = (call) => {
  const [other = UNKNOWN, combine] = call.given.positional;
  if (!combine || combine.callables.length === 0) return undefined;
  return callBack(combine, [call.receiver, other], call);
};

/** Functions of `java.util.concurrent` and Reactor that run another one later. */
export const FUTURE_FUNCTIONS: Readonly<Record<string, Builtin>> = {
  'java.util.concurrent.CompletableFuture.supplyAsync': supplied,
  'java.util.concurrent.CompletableFuture.runAsync': supplied,
  'reactor.core.publisher.Mono.fromCallable': supplied,
  'reactor.core.publisher.Mono.fromSupplier': supplied,
  'reactor.core.publisher.Mono.defer': supplied,
};

export const FUTURE_METHODS: Readonly<Record<string, Builtin>> = {
  submit: supplied,
  thenApply: next,
  thenApplyAsync: next,
  thenCompose: next,
  thenComposeAsync: next,
  thenAccept: next,
  thenAcceptAsync: next,
  handle: next,
  handleAsync: next,
  whenComplete: watched,
  whenCompleteAsync: watched,
  thenCombine: combined,
  thenCombineAsync: combined,
};
