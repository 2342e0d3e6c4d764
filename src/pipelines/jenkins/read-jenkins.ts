import {
  argumentOf,
  type GroovyBlock,
  type GroovyCall,
  type GroovyReading,
  type Readers,
  readGroovy,
  type SourceFile,
  type SourceTree,
  stringOf,
} from '../../syntax/index.ts';
import type { Entry, Job, Pipeline, PlatformFacts, Reference, Step } from '../model.ts';
import { refKindOf } from '../text/names.ts';
import { makePipeline } from '../text/step.ts';
import { placeIn } from '../text/template-text.ts';
import type { ValueKind } from '../value.ts';
import { agentOf, callIn, callsOf, readAgent } from './agent.ts';
import { callsBelow } from './calls-below.ts';
import { readTriggers } from './start.ts';
import { entryValues, type JobDraft, type Surroundings, timeoutOption, type WalkContext } from './surroundings.ts';
import { GroovyScope } from './values.ts';
import { JenkinsWalk } from './walk.ts';
import { webhookVariables } from './webhook.ts';

const PIPELINE_FILE = /(?:^|\/)(?:Jenkinsfile(?:[.-][^/]*)?|[^/]*[.-]?Jenkinsfile|[^/]*\.jenkinsfile)$/i;
const LIBRARY_FILE = /^(?:.*\/)?vars\/[^/]+\.groovy$/;
const CI_FILE = /(?:^|\/)(?:\.?jenkins|\.?ci|\.ci|pipelines?|build)\/(?:.*\/)?[^/]+\.groovy$/i;

/** Every Jenkins pipeline of a tree: Jenkinsfiles, steps of a shared library, and Groovy files of CI folders that look like one. */
export function readJenkins(tree: SourceTree, readers: Readers): readonly Pipeline[] {
  return tree.entries.flatMap(({ kind, path }) => {
    if (kind !== 'file') return [];
    const certain = PIPELINE_FILE.test(path) && !/\.(?:md|txt|html|ya?ml|json)$/i.test(path);
    const library = LIBRARY_FILE.test(path);
    if (!certain && !library && !CI_FILE.test(path)) return [];
    const file = tree.read(path);
    if (file === undefined) return [];
    if ('kind' in file)
      return [makePipeline({ platform: 'jenkins', role: 'workflow', file: { path, text: '' }, gaps: [file] })];
    if (!certain && !looksLikePipeline(file.text)) return [];
    return [readJenkinsfile(file, library, tree, readers)];
  });
}

function looksLikePipeline(text: string): boolean {
  return /^\s*(?:pipeline\s*\{|node\s*[({]|stage\s*\()|\bsh\s*[("'(]|\bwithCredentials\b/m.test(text.slice(0, 200_000));
}

function readJenkinsfile(file: SourceFile, library: boolean, tree: SourceTree, readers: Readers): Pipeline {
  const reading = readGroovy(file);
  const { block } = reading;
  const scope = new GroovyScope();
  for (const [name, kind] of parametersOf(block)) scope.parameters.set(name, kind);
  for (const [name, value] of webhookVariables(block)) scope.environment.set(name, [value]);
  const triggers = readTriggers(block, file.text, file.path);
  const provenance = triggers.some(({ event }) => event === 'change-request') ? 'pull-request' : 'base';
  const walk = new JenkinsWalk(file, scope, libraryContext({ tree, readers, provenance }, [file.path]));
  const body = callIn(block, 'pipeline');
  if (body) walkDeclarative(walk, body, scope, file);
  else walkScripted(walk, block, file);
  const jobs = walk.finished();
  return makePipeline({
    platform: 'jenkins',
    role: library ? 'reusable' : 'workflow',
    file,
    triggers,
    environment: body ? walk.environmentOf(body.body) : [],
    jobs,
    includes: librariesOf(block, file.path),
    gaps: [...reading.gaps, ...walk.gaps],
    special: special(reading, body, jobs, file.path),
  });
}

function walkDeclarative(walk: JenkinsWalk, pipeline: GroovyCall, scope: GroovyScope, file: SourceFile): void {
  const agent = callIn(pipeline.body, 'agent');
  const at = agent ? readAgent(agent, scope, file.path, file.text) : agentOf([]);
  walk.environmentOf(pipeline.body);
  const options = callIn(pipeline.body, 'options');
  const job = walk.startJob('pipeline', walk.place(pipeline.nameSpan), walk.place(pipeline.span), {
    runner: at.runner,
    container: at.container,
    timeoutMinutes: timeoutOption(options, file.path),
  });
  const around = surroundings(job);
  if (!at.none && !callIn(options?.body, 'skipDefaultCheckout'))
    walk.addCheckout(job, agent?.nameSpan ?? pipeline.nameSpan);
  const checkedOut = job.steps.length;
  for (const part of callsOf(pipeline.body)) {
    if (part.name === 'stages') walk.block(part.body, around);
    else if (part.name === 'post') walk.call(part, around, undefined);
  }
  // A checkout alone is no work: every stage had an agent of its own.
  if (job.steps.length === checkedOut) job.steps.length = 0;
}

function walkScripted(walk: JenkinsWalk, block: GroovyBlock, file: SourceFile): void {
  const whole = placeIn(file.path, { start: 0, end: Math.min(1, file.text.length) });
  const job = walk.startJob('pipeline', whole, placeIn(file.path, block.span), {});
  walk.block(block, surroundings(job));
}

/** Steps of a library that call one another are followed this deep. */
const DEEPEST_LIBRARY = 6;

function libraryContext(base: Omit<WalkContext, 'library'>, path: readonly string[]): WalkContext {
  return {
    ...base,
    library: (name, given) => {
      const file = path.includes(name) || path.length > DEEPEST_LIBRARY ? undefined : base.tree.read(name);
      if (file === undefined || 'kind' in file) return [];
      return librarySteps(file, given, libraryContext(base, [...path, name]));
    },
  };
}

/** What `call` of a library's file does, its parameters bound to what the caller gave. */
function librarySteps(file: SourceFile, given: readonly Entry[], context: WalkContext): readonly Step[] {
  const call = callIn(readGroovy(file).block, 'call');
  if (call === undefined) return [];
  const scope = new GroovyScope();
  const named = given.filter(({ name }) => name !== '').flatMap(entryValues);
  const unnamed = given.filter(({ name }) => name === '');
  for (const [index, { value }] of call.arguments.entries()) {
    const name = value.parts.findLast((part) => part.kind === 'reference')?.name;
    // All named arguments come as one map, and that is the first parameter.
    const place = named.length > 0 ? index - 1 : index;
    const values = place < 0 ? named : unnamed.slice(place, place + 1).flatMap(entryValues);
    if (name !== undefined) scope.locals.set(name, values);
  }
  const walk = new JenkinsWalk(file, scope, context);
  const job = walk.startJob('call', walk.place(call.nameSpan), walk.place(call.span), {});
  walk.block(call.body, surroundings(job));
  return walk.jobs.flatMap(({ steps }) => steps).map((step, index) => ({ ...step, index }));
}

function surroundings(job: JobDraft): Surroundings {
  return {
    job,
    stage: undefined,
    environment: [],
    directory: '',
    condition: undefined,
    ignoresFailure: undefined,
    timeout: undefined,
    depth: 0,
  };
}

const PARAMETER_KINDS: Readonly<Record<string, ValueKind>> = {
  string: 'line',
  text: 'text',
  choice: 'enumeration',
  booleanParam: 'boolean',
  password: 'line',
  gitParameter: 'ref',
};

function parametersOf(block: GroovyBlock): ReadonlyMap<string, ValueKind> {
  const found = new Map<string, ValueKind>();
  for (const outer of callsBelow(block, 8)) {
    if (outer.name !== 'parameters') continue;
    const inner = [
      ...callsOf(outer.body),
      ...callsBelow(
        {
          statements: [{ target: undefined, value: { parts: [outer], span: outer.span }, span: outer.span }],
          span: outer.span,
        },
        3,
      ),
    ];
    for (const call of inner) {
      const kind = Object.hasOwn(PARAMETER_KINDS, call.name) ? PARAMETER_KINDS[call.name] : undefined;
      const name = stringOf(argumentOf(call, 'name'))?.text;
      if (kind && name) found.set(name, kind);
    }
  }
  return found;
}

/** `@Library('name@ref')` and `library 'name@ref'`; without a ref the controller's default version is used. */
function librariesOf(block: GroovyBlock, file: string): readonly Reference[] {
  return callsBelow(block, 6).flatMap((call) => {
    if (call.name !== '@Library' && call.name !== 'library') return [];
    const given = argumentOf(call) ?? argumentOf(call, 'identifier');
    const strings = (given?.parts ?? []).flatMap((part) =>
      part.kind === 'list' ? part.items.flatMap((item) => item.value.parts) : [part],
    );
    return strings.flatMap((part): readonly Reference[] => {
      if (part.kind !== 'string') return [];
      const at = part.text.lastIndexOf('@');
      const ref = at < 0 ? undefined : part.text.slice(at + 1);
      const name = at < 0 ? part.text : part.text.slice(0, at);
      return [
        {
          kind: 'repository',
          name,
          path: undefined,
          ref,
          refKind: refKindOf(ref),
          comment: undefined,
          place: placeIn(file, part.span),
        },
      ];
    });
  });
}

/** What the rules of this platform ask: where a declarative pipeline opens, and where its options are. */
function special(
  reading: GroovyReading,
  pipeline: GroovyCall | undefined,
  jobs: readonly Job[],
  file: string,
): PlatformFacts {
  const entries: PlatformFacts['entries'][number][] = [];
  const add = (
    key: string,
    value: string,
    span: { readonly start: number; readonly end: number } | undefined,
  ): void => {
    if (span) entries.push({ key, value, place: placeIn(file, span) });
  };
  add('pipeline-body', 'declarative', pipeline?.body?.span);
  add('options-body', 'declarative', callIn(pipeline?.body, 'options')?.body?.span);
  add('post-body', 'declarative', callIn(pipeline?.body, 'post')?.body?.span);
  add('agent', jobs[0]?.runner.labels[0]?.value ?? '', callIn(pipeline?.body, 'agent')?.span);
  for (const call of callsBelow(reading.block, 12)) if (call.name === 'properties') add('properties', '', call.span);
  return { kind: 'jenkins', entries };
}
