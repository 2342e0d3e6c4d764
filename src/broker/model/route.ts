import { hash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { rememberTexts } from '../../text/index.ts';
import type { BrokerContext } from '../context.ts';
import type { HeldBytes } from '../held-bytes.ts';
import { Budget } from './budget.ts';
import type { Endpoint, ModelDialect, Usage } from './dialect.ts';
import { NOTHING_USED, unfinishedUsage } from './estimate.ts';
import { Exchange } from './exchange.ts';
import { forwardedHeaders, namesCredential } from './headers.ts';
import { costOf } from './prices.ts';
import { isRefusal, type ModelRefusal, refuse } from './refusal.ts';
import { RefusalLog } from './refusal-log.ts';
import { readBody } from './request-body.ts';
import { type ClearedRequest, RequestGate } from './request-gate.ts';
import { type ActionsOf, ToolFirewall } from './tool-firewall.ts';
import type { Upstream } from './upstream.ts';
import { Watchdog } from './watchdog.ts';

export interface ModelRouteOptions {
  readonly context: BrokerContext;
  readonly dialect: ModelDialect;
  readonly upstream: Upstream;
  /** The run's own credential inside; whoever does not present it gets nothing. */
  readonly placeholder: string;
  readonly actionsOf: ActionsOf;
  /** Room for the bodies of all requests that are under way. */
  readonly held: HeldBytes;
  /** Longest time without a complete event (streams) or a complete answer. */
  readonly idleMilliseconds: number;
}

interface Target {
  readonly endpoint: Endpoint;
  /** Path and query as they are sent on. */
  readonly target: string;
}

/** The model API as the agent sees it: each step either refuses or hands on to the next. */
export class ModelRoute {
  readonly #options: ModelRouteOptions;
  readonly #firewall: ToolFirewall;
  readonly #refusals: RefusalLog;
  readonly #gate: RequestGate;
  /** Addresses and headers of a session are the same in every request. */
  readonly #carriesSecret: (text: string) => boolean;

  constructor(options: ModelRouteOptions) {
    const { context, dialect, upstream } = options;
    this.#options = options;
    this.#carriesSecret = rememberTexts((text) => context.sentinel.find(Buffer.from(text, 'latin1')).length > 0);
    this.#firewall = new ToolFirewall(context, options.actionsOf);
    this.#refusals = new RefusalLog(context, upstream.destination);
    const budget = new Budget(context.policy.model);
    this.#gate = new RequestGate({
      context,
      dialect,
      budget,
      firewall: this.#firewall,
      refusals: this.#refusals,
      destination: upstream.destination,
    });
  }

  /** Never rejects: a request that cannot be recorded or served is answered with an error of the provider's shape. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const refusal = await this.#serve(request, response);
      if (refusal) this.#answer(request, response, refusal);
    } catch {
      // The log could not take a record: without evidence nothing passes.
      this.#answer(request, response, refuse(502, 'no-record', 'the request cannot be recorded, so it is not served'));
    }
  }

  /** Records what was only counted. */
  finish(): Promise<void> {
    return this.#refusals.finish();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<ModelRefusal | undefined> {
    const target = this.#readTarget(request);
    if (isRefusal(target)) return this.#turnAway(request, target);
    if (target.endpoint.kind === 'local') {
      response.writeHead(200).end();
      return undefined;
    }
    const refusal = this.#checkCredential(request) ?? this.#checkHeaders(request);
    if (refusal) return this.#turnAway(request, refusal);
    const { held } = this.#options;
    const body = await readBody(request, held);
    if (isRefusal(body)) return this.#turnAway(request, body);
    try {
      const cleared = await this.#gate.clear(target.endpoint, body);
      return isRefusal(cleared) ? cleared : await this.#forward(request, response, target, cleared);
    } finally {
      held.giveBack(body.length);
    }
  }

  #readTarget(request: IncomingMessage): Target | ModelRefusal {
    const url = request.url ?? '';
    const mark = url.indexOf('?');
    const path = mark === -1 ? url : url.slice(0, mark);
    // One spelling a path: an encoded or dotted one could mean another endpoint to the provider than to us.
    const endpoint =
      /^\/[A-Za-z0-9/_-]*$/.test(path) && !path.includes('//')
        ? this.#options.dialect.endpoint(request.method ?? '', path)
        : undefined;
    if (!endpoint) return refuse(403, 'endpoint', `${request.method} ${path.slice(0, 100)} is not needed by a run`);
    if (mark !== -1 && !/^[A-Za-z0-9_.=&-]{0,256}$/.test(url.slice(mark + 1)))
      return refuse(403, 'query', 'the query is not plain');
    if ([...new URLSearchParams(url.slice(path.length)).keys()].some((name) => name === 'key' || namesCredential(name)))
      return refuse(403, 'query', 'the query names a credential');
    if (this.#carriesSecret(url)) return refuse(403, 'known-secret', 'the query carries a secret');
    return { endpoint, target: url };
  }

  #checkCredential(request: IncomingMessage): ModelRefusal | undefined {
    const { dialect, placeholder } = this.#options;
    const isOurs = dialect
      .presentedCredentials(request.headers)
      .some((presented) => equalInConstantTime(presented, placeholder));
    return isOurs ? undefined : refuse(401, 'credential', 'this is not the credential of the run');
  }

  #checkHeaders(request: IncomingMessage): ModelRefusal | undefined {
    const encoding = request.headers['content-encoding'];
    if (encoding !== undefined && encoding !== 'identity')
      return refuse(415, 'encoding', 'compressed requests cannot be judged');
    return this.#carriesSecret(withoutLength(request.rawHeaders).join('\n'))
      ? refuse(403, 'known-secret', 'a header carries a secret')
      : undefined;
  }

  /** Records a request that was refused before its body was looked at. */
  async #turnAway(request: IncomingMessage, refusal: ModelRefusal): Promise<ModelRefusal> {
    const { context, upstream } = this.#options;
    const path = context.sentinel.redactText((request.url ?? '').slice(0, 200));
    await this.#refusals.record({
      kind: 'model.request',
      subject: { destination: upstream.destination, method: request.method ?? '', endpoint: path },
      decision: { verdict: 'deny', rule: refusal.rule, reason: refusal.message, policy: context.policy.digest },
    });
    return refusal;
  }

  async #forward(
    request: IncomingMessage,
    response: ServerResponse,
    { endpoint, target }: Target,
    cleared: ClearedRequest,
  ): Promise<ModelRefusal | undefined> {
    const { context, dialect, upstream, idleMilliseconds } = this.#options;
    using watchdog = new Watchdog(idleMilliseconds);
    response.once('close', () => {
      if (!response.writableFinished) watchdog.abort();
    });
    const headers = forwardedHeaders(request.rawHeaders, dialect.credentialHeaders);
    const began = context.clock.now();
    let incoming: IncomingMessage;
    try {
      incoming = await upstream.send(
        { method: request.method ?? 'POST', target, headers, body: cleared.body },
        cleared.recorded,
        watchdog.signal,
      );
    } catch {
      const { aborted } = watchdog.signal;
      // Not waited for, it was answered all the same; what never got there cost nothing.
      const elapsed = context.clock.now() - began;
      const usage = aborted ? unfinishedUsage(cleared.expected, elapsed) : NOTHING_USED;
      cleared.reservation.settle(usage);
      // A request without a record fails as such, not as one that the provider did not answer.
      await cleared.recorded;
      return this.#unreachable(endpoint, cleared, { usage, aborted, expired: watchdog.expired });
    }
    const { hostedTools } = context.policy.model;
    const terms = {
      judge: (call: Parameters<ToolFirewall['judge']>[0]) => this.#firewall.judge(call, cleared.reading.toolNames),
      hostedTools: hostedTools === 'off' ? [] : hostedTools,
      scan: () => context.sentinel.stream(),
    };
    const { destination } = upstream;
    const parts = { context, dialect, destination, endpoint, request: cleared, terms, watchdog, began };
    // Awaited here: the watchdog lives as long as this scope.
    return await new Exchange(parts, incoming, response).relay();
  }

  async #unreachable(
    endpoint: Endpoint,
    cleared: ClearedRequest,
    { usage, aborted, expired }: { readonly usage: Usage; readonly aborted: boolean; readonly expired: boolean },
  ): Promise<ModelRefusal> {
    const { context, upstream } = this.#options;
    const { model, isFast } = cleared.reading;
    const outcome = expired ? 'timeout' : aborted ? 'client-gone' : 'unreachable';
    await context.record({
      kind: 'model.response',
      subject: { destination: upstream.destination, endpoint: endpoint.path, model },
      observed: {
        status: 0,
        bytes: 0,
        outcome,
        ...(aborted ? { usage: { ...usage, usd: costOf(model, usage, isFast), estimated: true } } : {}),
      },
    });
    return expired
      ? refuse(504, 'provider-timeout', 'the provider did not answer in time')
      : refuse(502, 'provider-unreachable', `the provider ${upstream.destination} cannot be reached`);
  }

  #answer(request: IncomingMessage, response: ServerResponse, { status, message }: ModelRefusal): void {
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const body = Buffer.from(JSON.stringify(this.#options.dialect.errorBody(status, message)), 'utf8');
    // What is left of the body is not read, so the connection cannot be used again.
    const connection = request.complete ? [] : ['Connection', 'close'];
    response.writeHead(status, [
      'Content-Type',
      'application/json',
      'Content-Length',
      String(body.length),
      ...connection,
    ]);
    response.end(request.method === 'HEAD' ? undefined : body);
  }
}

/** Names and values by turns, without the one that differs in every request; it is a number, or the parser refuses it. */
function withoutLength(rawHeaders: readonly string[]): readonly string[] {
  return rawHeaders.filter((_, index) => rawHeaders[index - (index % 2)]?.toLowerCase() !== 'content-length');
}

/** Compares digests, so that neither length nor content shows in the time it takes. */
function equalInConstantTime(presented: string, expected: string): boolean {
  return timingSafeEqual(hash('sha256', presented, 'buffer'), hash('sha256', expected, 'buffer'));
}
