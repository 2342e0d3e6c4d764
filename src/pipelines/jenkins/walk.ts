import {
  argumentOf,
  type Gap,
  type GroovyBlock,
  type GroovyCall,
  type GroovyPart,
  type GroovyStatement,
  type Place,
  type ScriptLanguage,
  type SourceFile,
  stringOf,
} from '../../syntax/index.ts';
import type { Condition, Entry, Job, Runner, Step } from '../model.ts';
import { WrittenScripts } from '../script/index.ts';
import { readRun } from '../text/run.ts';
import { makeJob, makeStep } from '../text/step.ts';
import { impliedText, placeIn } from '../text/template-text.ts';
import { agentOf, callIn, callsOf, dockerContainer, readAgent } from './agent.ts';
import { boundCredentials, environmentEntry, withEnvEntries } from './credentials.ts';
import { loopVariables } from './loops.ts';
import { inputGate, readWhen } from './start.ts';
import { QUIET_STEPS, stepEffects } from './step-table.ts';
import {
  entryValues,
  isStagePart,
  type JobDraft,
  joinConditions,
  joinPath,
  libraryReference,
  readTimeout,
  type Surroundings,
  timeoutOption,
  type WalkContext,
  withGates,
} from './surroundings.ts';
import type { GroovyScope } from './values.ts';

/** Blocks deeper than this are left out; the reader caps them too. */
const DEEPEST = 60;

/** Steps of one file. */
const MOST_STEPS = 5_000;

const SHELLS: Readonly<Record<string, ScriptLanguage>> = {
  sh: 'bash',
  bat: 'cmd',
  powershell: 'powershell',
  pwsh: 'powershell',
};

/** Collects jobs and steps from the blocks of a Jenkinsfile, in the order of the text. */
export class JenkinsWalk {
  readonly jobs: JobDraft[] = [];
  readonly gaps: Gap[] = [];
  readonly #file: SourceFile;
  #steps = 0;
  readonly #written = new WrittenScripts();
  readonly #scope: GroovyScope;
  readonly #context: WalkContext;

  constructor(file: SourceFile, scope: GroovyScope, context: WalkContext) {
    this.#file = file;
    this.#scope = scope;
    this.#context = context;
  }

  place(span: { readonly start: number; readonly end: number }): Place {
    return placeIn(this.#file.path, span);
  }

  startJob(id: string, place: Place, body: Place, given: Partial<JobDraft>): JobDraft {
    const unknown: Runner = { labels: [], kind: 'unknown' };
    const job: JobDraft = {
      id,
      place,
      body,
      runner: unknown,
      container: undefined,
      condition: undefined,
      environment: [],
      timeoutMinutes: undefined,
      steps: [],
      effects: [],
      ...given,
    };
    this.jobs.push(job);
    return job;
  }

  /** The jobs that do something. */
  finished(): readonly Job[] {
    return this.jobs.filter((job) => job.steps.length > 0).map((job) => makeJob(job.id, job.place, job));
  }

  block(block: GroovyBlock | undefined, around: Surroundings): void {
    if (block === undefined || around.depth > DEEPEST) return;
    let inside = { ...around, depth: around.depth + 1 };
    for (const statement of block.statements) inside = this.#statement(statement, inside);
  }

  #statement(statement: GroovyStatement, around: Surroundings): Surroundings {
    const { target, value } = statement;
    for (const part of value.parts) this.#part(part, around, target?.name);
    if (target === undefined) return around;
    const values = this.#scope.valuesOfValue(value);
    const named = values.map((one) =>
      one.origin === 'output' && one.name in SHELLS ? { ...one, name: target.name } : one,
    );
    if (!target.name.startsWith('env.')) {
      this.#scope.locals.set(target.name, named);
      return around;
    }
    const name = target.name.slice('env.'.length);
    this.#scope.environment.set(name, named);
    const entry = environmentEntry({ name, span: target.span }, value, this.#scope, this.#file.path, this.#file.text);
    return { ...around, environment: [...around.environment, entry] };
  }

  #part(part: GroovyPart, around: Surroundings, assigned: string | undefined): void {
    if (part.kind === 'call') this.call(part, around, assigned);
    else if (part.kind === 'closure') this.block(part.body, around);
    else if (part.kind === 'list') {
      for (const item of part.items) for (const inner of item.value.parts) this.#part(inner, around, undefined);
    }
  }

  call(call: GroovyCall, around: Surroundings, assigned: string | undefined): void {
    if (around.depth > DEEPEST) return;
    if (call.receiver) this.call(call.receiver, around, assigned);
    for (const [name, values] of loopVariables(call, this.#scope)) this.#scope.locals.set(name, values);
    const language = Object.hasOwn(SHELLS, call.name) ? SHELLS[call.name] : undefined;
    if (language) {
      this.#script(call, language, around, assigned);
      return;
    }
    switch (call.name) {
      case 'stage':
        this.#stage(call, around);
        return;
      case 'matrix':
        this.#section(call, around.stage ?? { name: 'matrix', place: this.place(call.nameSpan) }, around);
        return;
      case 'node':
        this.#node(call, around);
        return;
      case 'withCredentials':
        this.#inside(call, around, boundCredentials(call, this.#file.path));
        return;
      case 'withEnv':
        this.#inside(call, around, withEnvEntries(call, this.#scope, this.#file.path, this.#file.text));
        return;
      case 'environment':
        return;
      case 'dir':
        this.block(call.body, {
          ...around,
          directory: joinPath(around.directory, stringOf(argumentOf(call))?.text),
        });
        return;
      case 'catchError':
      case 'warnError':
        this.block(call.body, { ...around, ignoresFailure: this.place(call.nameSpan) });
        return;
      case 'timeout':
        this.block(call.body, { ...around, timeout: readTimeout(call, this.#file.path) });
        return;
      case 'post':
        this.#post(call, around);
        return;
      case 'if':
        this.#condition(call, around);
        return;
      case 'input':
        this.#gate(call, around);
        return;
      case 'writeFile':
        this.#writeFile(call, around);
        return;
      case '.inside':
      case '.withRun':
        this.#container(call, around);
        return;
      default:
        this.#other(call, around, assigned);
        return;
    }
  }

  #script(call: GroovyCall, language: ScriptLanguage, around: Surroundings, assigned: string | undefined): void {
    const value = argumentOf(call, 'script') ?? argumentOf(call);
    if (value === undefined || this.#steps >= MOST_STEPS) {
      this.#full(call);
      return;
    }
    const text = this.#scope.text(value, this.#file.path, this.#file.text);
    const before = new Map(this.#scope.environment);
    for (const entry of around.environment) this.#scope.environment.set(entry.name, entryValues(entry));
    const context = {
      tree: this.#context.tree,
      readers: this.#context.readers,
      name: this.#scope.shellExpressions.bind(this.#scope),
      assigned: new Set<string>(),
      directory: around.directory,
      written: this.#written,
    };
    const read = readRun(text, language, context);
    this.#scope.environment.clear();
    for (const [name, values] of before) this.#scope.environment.set(name, values);
    const returns = argumentOf(call, 'returnStdout')?.parts.some(
      (part) => part.kind === 'reference' && part.name === 'true',
    );
    this.#add(around, call, { ...read, id: returns ? assigned : undefined });
  }

  #writeFile(call: GroovyCall, around: Surroundings): void {
    const path = stringOf(argumentOf(call, 'file'))?.text;
    const text = argumentOf(call, 'text');
    for (const { value } of call.arguments) for (const part of value.parts) this.#part(part, around, undefined);
    if (path !== undefined && text)
      this.#written.add(path, this.#scope.text(text, this.#file.path, this.#file.text), around.directory);
  }

  #full(call: GroovyCall): void {
    if (this.#steps < MOST_STEPS || this.gaps.length > 0) return;
    this.gaps.push({ kind: 'cap', message: `more than ${MOST_STEPS} steps`, place: this.place(call.nameSpan) });
  }

  #add(around: Surroundings, call: GroovyCall, given: Partial<Step>): void {
    const { stage } = around;
    if (++this.#steps > MOST_STEPS) {
      this.#full(call);
      return;
    }
    around.job.steps.push(
      makeStep(this.place(call.span), {
        name: stage && impliedText(stage.name, stage.place),
        condition: around.condition,
        environment: around.environment,
        workingDirectory:
          around.directory === '' ? undefined : impliedText(around.directory, this.place(call.nameSpan)),
        continueOnError: around.ignoresFailure,
        timeoutMinutes: around.timeout,
        ...given,
      }),
    );
  }

  #other(call: GroovyCall, around: Surroundings, assigned: string | undefined): void {
    const place = this.place(call.span);
    const effects = stepEffects(call, this.place(call.nameSpan), this.#context.provenance);
    if (effects.length > 0) this.#add(around, call, { effects });
    else if (this.#isLibraryStep(call)) {
      const reference = libraryReference(call.name, place);
      const inputs = call.arguments.flatMap(({ name, nameSpan, value }): readonly Entry[] => {
        const text = this.#scope.text(value, this.#file.path, this.#file.text);
        return [{ name: name ?? '', keyPlace: this.place(nameSpan ?? value.span), value: text, node: undefined }];
      });
      const inner = this.#context.library(reference.name, inputs);
      this.#add(around, call, { uses: reference, inputs, inner, id: assigned });
    }
    for (const { value } of call.arguments)
      for (const part of value.parts)
        if (part.kind !== 'list' || call.name === 'parallel') this.#part(part, around, undefined);
    this.block(call.body, around);
  }

  /** A step of a library: the repository has a file for it, or it is called with nothing but arguments inside a stage. */
  #isLibraryStep(call: GroovyCall): boolean {
    if (QUIET_STEPS.has(call.name) || !/^[a-z]\w*$/.test(call.name)) return false;
    return this.#context.tree.entries.some(({ path }) => path === `vars/${call.name}.groovy`);
  }

  #inside(call: GroovyCall, around: Surroundings, entries: readonly Entry[]): void {
    this.block(call.body, { ...around, environment: [...around.environment, ...entries] });
  }

  #condition(call: GroovyCall, around: Surroundings): void {
    const { body } = call;
    // What stands in parentheses; the block behind them is what it guards.
    const span = { start: call.span.start, end: body?.span.start ?? call.span.end };
    const condition =
      body && readWhen({ ...call, body: undefined, span }, this.#scope, this.#file.path, this.#file.text);
    for (const { value } of call.arguments) for (const part of value.parts) this.#part(part, around, undefined);
    this.block(call.body, { ...around, condition: joinConditions(around.condition, condition) });
  }

  #gate(call: GroovyCall, around: Surroundings): void {
    this.#add(around, call, {
      condition: withGates(around.condition, [inputGate(call, this.#file.path)], this.place(call.span)),
    });
  }

  #container(call: GroovyCall, around: Surroundings): void {
    const image = call.receiver && argumentOf(call.receiver);
    const container = dockerContainer(call, image, argumentOf(call), this.#scope, this.#file.path, this.#file.text);
    const { mounts, privileged } = container;
    this.#add(around, call, {
      effects: [
        {
          kind: 'container',
          privileged: privileged !== undefined,
          mounts: mounts.map(({ value }) => value),
          image: container.image?.name,
          place: container.options?.place ?? container.place,
          certainty: 'certain',
        },
      ],
    });
    this.block(call.body, around);
  }

  #stage(call: GroovyCall, around: Surroundings): void {
    const name = stringOf(argumentOf(call))?.text ?? 'stage';
    this.#section(call, { name, place: this.place(call.nameSpan) }, around);
  }

  /**
   * A stage, or the matrix in one. With an agent of its own it is a job of its own: its work tree is another one.
   */
  #section(call: GroovyCall, stage: NonNullable<Surroundings['stage']>, around: Surroundings): void {
    const { name, place } = stage;
    const when = callIn(call.body, 'when');
    const own = when && readWhen(when, this.#scope, this.#file.path, this.#file.text);
    const input = callIn(call.body, 'input');
    let condition = joinConditions(around.condition, own);
    if (input) condition = withGates(condition, [inputGate(input, this.#file.path)], place);
    const environment = [...around.environment, ...this.environmentOf(call.body)];
    const agent = callIn(call.body, 'agent');
    const at = agent && readAgent(agent, this.#scope, this.#file.path, this.#file.text);
    let job = around.job;
    if (at !== undefined && !at.none) {
      job = this.startJob(name, place, this.place(call.span), {
        runner: at.runner,
        container: at.container,
        environment: around.job.environment,
        timeoutMinutes: around.job.timeoutMinutes,
      });
      this.addCheckout(job, agent?.nameSpan ?? call.nameSpan);
    }
    const timeout = timeoutOption(callIn(call.body, 'options'), this.#file.path) ?? around.timeout;
    const inside = { ...around, job, condition, environment, timeout, stage };
    const parts = (call.body?.statements ?? []).filter((statement) => !isStagePart(statement));
    this.block({ statements: parts, span: call.body?.span ?? call.span }, inside);
  }

  /** The entries of `environment { … }` of a pipeline or stage. */
  environmentOf(block: GroovyBlock | undefined): readonly Entry[] {
    const body = callIn(block, 'environment')?.body;
    return (body?.statements ?? []).flatMap(({ target, value }) => {
      if (target === undefined) return [];
      const entry = environmentEntry(target, value, this.#scope, this.#file.path, this.#file.text);
      this.#scope.environment.set(entry.name, entryValues(entry));
      return [entry];
    });
  }

  /** A declarative job checks its repository out by itself. */
  addCheckout(job: JobDraft, span: Place['span']): void {
    const place = this.place(span);
    const effects = stepEffects(
      { kind: 'call', name: 'checkout', nameSpan: span, span, arguments: [], body: undefined, receiver: undefined },
      place,
      this.#context.provenance,
    );
    job.steps.push(makeStep(place, { id: 'checkout', name: impliedText('checkout', place), effects }));
  }

  #node(call: GroovyCall, around: Surroundings): void {
    const label = stringOf(argumentOf(call) ?? argumentOf(call, 'label'));
    if (call.body === undefined) return;
    const labels = label
      ? [{ value: label.text, place: this.place(label.span) }]
      : [{ value: 'any', place: this.place(call.nameSpan) }];
    const id = around.stage?.name ?? label?.text ?? 'node';
    const number = this.jobs.filter((job) => job.id === id || job.id.startsWith(`${id}-`)).length;
    const job = this.startJob(
      number === 0 ? id : `${id}-${number + 1}`,
      this.place(call.nameSpan),
      this.place(call.span),
      { runner: agentOf(labels).runner, environment: around.job.environment },
    );
    this.block(call.body, { ...around, job });
  }

  /** `post { always { … } }` runs whatever happened. */
  #post(call: GroovyCall, around: Surroundings): void {
    for (const part of callsOf(call.body)) {
      const runsAfterFailure = part.name !== 'success' && part.name !== 'unstable';
      const place = this.place(part.nameSpan);
      const condition: Condition = {
        text: impliedText(part.name, place),
        references: [],
        gates: [],
        alwaysTrue: false,
        runsAfterFailure,
      };
      this.block(part.body, { ...around, condition, stage: { name: `post ${part.name}`, place } });
    }
  }
}
