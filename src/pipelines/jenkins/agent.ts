import { argumentOf, type GroovyBlock, type GroovyCall, type GroovyStatement, stringOf } from '../../syntax/index.ts';
import { readImage } from '../container/image-reference.ts';
import type { Container, Located, Runner } from '../model.ts';
import { makeContainer } from '../text/step.ts';
import { placeIn } from '../text/template-text.ts';
import type { GroovyScope } from './values.ts';

/** Where a pipeline or stage runs. */
export interface AgentPlace {
  readonly runner: Runner;
  readonly container: Container | undefined;
  /** The agent is named for each stage. */
  readonly none: boolean;
}

const BUILT_IN: ReadonlySet<string> = new Set(['built-in', 'master', 'controller', 'any']);

/** The calls of a block, receivers left aside. */
export function callsOf(block: GroovyBlock | undefined): readonly GroovyCall[] {
  return (block?.statements ?? []).flatMap((statement: GroovyStatement) =>
    statement.value.parts.flatMap((part) => (part.kind === 'call' ? [part] : [])),
  );
}

/** The call of a name in a block. */
export function callIn(block: GroovyBlock | undefined, name: string): GroovyCall | undefined {
  return callsOf(block).find((call) => call.name === name);
}

/** `agent any`, `agent none`, `agent { label … }`, `agent { docker … }`, `agent { kubernetes … }`. */
export function readAgent(call: GroovyCall, scope: GroovyScope, file: string, source: string): AgentPlace {
  const word = call.arguments[0]?.value.parts[0];
  if (word?.kind === 'reference') {
    const label = { value: word.name, place: placeIn(file, word.span) };
    return word.name === 'none' ? { ...agentOf([]), none: true } : agentOf([label]);
  }
  const labels = labelsIn(call.body, file);
  const docker = callIn(call.body, 'docker');
  if (docker) {
    const inner = labelsIn(docker.body, file);
    return { ...agentOf([...labels, ...inner]), container: readDocker(docker, scope, file, source) };
  }
  if (callIn(call.body, 'dockerfile'))
    return { ...agentOf(labels), container: makeContainer(placeIn(file, call.span), {}) };
  if (callIn(call.body, 'kubernetes')) return { ...agentOf(labels), runner: { labels, kind: 'hosted' } };
  return agentOf(labels);
}

/** A node by its labels; `any` and the controller itself live on from build to build. */
export function agentOf(labels: readonly Located<string>[]): AgentPlace {
  const lasting = labels.some(({ value }) => BUILT_IN.has(value.toLowerCase()));
  return { runner: { labels, kind: lasting ? 'persistent' : 'unknown' }, container: undefined, none: false };
}

function labelsIn(block: GroovyBlock | undefined, file: string): readonly Located<string>[] {
  return callsOf(block).flatMap((call) => {
    if (call.name === 'node') return labelsIn(call.body, file);
    const label = call.name === 'label' ? stringOf(argumentOf(call)) : undefined;
    return label ? [{ value: label.text, place: placeIn(file, label.span) }] : [];
  });
}

function readDocker(call: GroovyCall, scope: GroovyScope, file: string, source: string): Container {
  const image = argumentOf(call, 'image') ?? argumentOf(callIn(call.body, 'image') ?? call);
  const options = argumentOf(call, 'args') ?? firstArgument(callIn(call.body, 'args'));
  return dockerContainer(call, image, options, scope, file, source);
}

function firstArgument(call: GroovyCall | undefined): ReturnType<typeof argumentOf> {
  return call && argumentOf(call);
}

/** A container by its image and the options of `docker run`. */
export function dockerContainer(
  call: GroovyCall,
  image: ReturnType<typeof argumentOf>,
  options: ReturnType<typeof argumentOf>,
  scope: GroovyScope,
  file: string,
  source: string,
): Container {
  const text = options && scope.text(options, file, source);
  const words = (text?.text ?? '').split(/\s+/);
  const place = placeIn(file, call.nameSpan);
  const optionPlace = text?.place ?? place;
  const after = (...names: readonly string[]) =>
    words.flatMap((word, index) => {
      const name = names.find((one) => word === one || word.startsWith(`${one}=`));
      if (name === undefined) return [];
      return [word === name ? (words[index + 1] ?? '') : word.slice(name.length + 1)];
    });
  return makeContainer(place, {
    image: image && readImage(scope.text(image, file, source)),
    user: after('-u', '--user')[0],
    privileged: words.includes('--privileged') || words.includes('--privileged=true') ? optionPlace : undefined,
    options: text,
    mounts: after('-v', '--volume', '--mount').map((value) => ({ value, place: optionPlace })),
  });
}
