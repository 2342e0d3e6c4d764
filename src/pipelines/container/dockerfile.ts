import {
  type DockerInstruction,
  type DockerPair,
  type DockerWord,
  type MappedText,
  type Readers,
  readDockerfile,
  readExecForm,
  readPairs,
  type SourceFile,
  type SourceTree,
  sliceMapped,
  splitWords,
  TextAssembly,
} from '../../syntax/index.ts';
import type {
  CommandMoment,
  ContainerFile,
  ContainerMount,
  ContainerSetting,
  DeclaredContainer,
} from '../container-file.ts';
import type { Entry, Located } from '../model.ts';
import {
  type CommandSource,
  joinCommands,
  NO_COMMANDS,
  type ReadCommands,
  readExecWords,
  readShellForm,
} from './command-line.ts';
import { followEntrypoint } from './followed-entrypoint.ts';
import { readImage } from './image-reference.ts';
import { placeOf, templateText } from './template-text.ts';

/** The instructions of one stage, and the stage it starts from when that is an earlier one. */
interface Stage {
  readonly from: DockerInstruction;
  readonly image: DockerWord | undefined;
  readonly name: DockerWord | undefined;
  readonly instructions: readonly DockerInstruction[];
  readonly base: Stage | undefined;
}

/** A Dockerfile as one container a stage; what stands before the first FROM (global ARG) belongs to every stage. */
export function readDockerfileContainers(file: SourceFile, readers: Readers, tree: SourceTree): ContainerFile {
  const { instructions, gaps } = readDockerfile(file);
  const first = instructions.findIndex(({ keyword }) => keyword === 'FROM');
  const global = first < 0 ? [] : instructions.slice(0, first);
  const stages = readStages(first < 0 ? [] : instructions.slice(first));
  const source = { file, readers };
  return {
    kind: 'dockerfile',
    file,
    containers: stages.map((stage, index) => readStage(source, tree, stage, global, index === stages.length - 1)),
    gaps,
  };
}

function readStages(instructions: readonly DockerInstruction[]): readonly Stage[] {
  const stages: { readonly stage: Stage; readonly body: DockerInstruction[] }[] = [];
  for (const instruction of instructions) {
    if (instruction.keyword !== 'FROM' || instruction.onBuild) {
      stages.at(-1)?.body.push(instruction);
      continue;
    }
    const [image, as, name] = splitWords(instruction.body);
    const base = stages.findLast(
      ({ stage }) => stage.name?.value.text.toLowerCase() === image?.value.text.toLowerCase(),
    );
    const body: DockerInstruction[] = [];
    const named = as?.value.text.toLowerCase() === 'as' ? name : undefined;
    stages.push({ stage: { from: instruction, image, name: named, instructions: body, base: base?.stage }, body });
  }
  return stages.map(({ stage }) => stage);
}

function readStage(
  source: CommandSource,
  tree: SourceTree,
  stage: Stage,
  global: readonly DockerInstruction[],
  final: boolean,
): DeclaredContainer {
  const { file } = source;
  const user = lastInChain(stage, 'USER');
  const own = stage.instructions.filter(({ onBuild }) => !onBuild);
  const start = readStart(source, stage);
  const { scripts, commands } = joinCommands([
    ...stage.instructions.map((instruction) => readBuildCommands(source, instruction)),
    start,
    followEntrypoint(source, tree, copiesOf(stage), start),
  ]);
  const mountPoints = own.flatMap((instruction) => readMounts(file, instruction));
  return {
    name: stage.name && located(file, stage.name),
    image: stage.image && stage.base === undefined ? readImage(templateText(file, stage.image.value)) : undefined,
    user: user && splitWords(user.body)[0]?.value.text,
    userPlace: user && placeOf(file, user.span),
    privileged: undefined,
    options: undefined,
    mounts: mountPoints.map(({ source: from, target, place }) => ({ value: `${from}:${target}`, place })),
    mountPoints,
    environment: pairsOf(file, own, 'ENV'),
    buildArguments: pairsOf(file, [...global, ...own], 'ARG'),
    labels: pairsOf(file, own, 'LABEL'),
    credentials: [],
    scripts,
    commands,
    settings: readRunSettings(file, own),
    imports: [],
    pod: undefined,
    place: placeOf(file, stage.from.span),
    body: placeOf(file, { start: stage.from.span.start, end: (own.at(-1) ?? stage.from).span.end }),
    final,
    baseStage: stage.base?.name?.value.text,
    buildFile: undefined,
    node: undefined,
  };
}

function located(file: SourceFile, word: DockerWord): Located<string> {
  return { value: word.value.text, place: placeOf(file, word.span) };
}

/** COPY and ADD of the stage and of the stages it starts from, the latest first. */
function copiesOf(stage: Stage): readonly DockerInstruction[] {
  const copies: DockerInstruction[] = [];
  const seen = new Set<Stage>();
  for (let at: Stage | undefined = stage; at !== undefined && !seen.has(at); at = at.base) {
    seen.add(at);
    const own = at.instructions.filter(({ keyword, onBuild }) => !onBuild && (keyword === 'COPY' || keyword === 'ADD'));
    copies.push(...own.toReversed());
  }
  return copies;
}

/** The last instruction of this kind in the stage or, when it has none, in the stages it starts from. */
function lastInChain(stage: Stage, keyword: string): DockerInstruction | undefined {
  const seen = new Set<Stage>();
  for (let at: Stage | undefined = stage; at !== undefined && !seen.has(at); at = at.base) {
    seen.add(at);
    const found = at.instructions.findLast((instruction) => instruction.keyword === keyword && !instruction.onBuild);
    if (found !== undefined) return found;
  }
  return undefined;
}

function pairsOf(file: SourceFile, instructions: readonly DockerInstruction[], keyword: string): readonly Entry[] {
  return instructions
    .filter((instruction) => instruction.keyword === keyword)
    .flatMap((instruction) => readPairs(keyword, instruction.body).map((pair) => entryOfPair(file, pair)));
}

function entryOfPair(file: SourceFile, { name, nameSpan, value }: DockerPair): Entry {
  const keyPlace = placeOf(file, nameSpan);
  const nothing: MappedText = { text: '', offsetOf: () => nameSpan.end };
  const text = templateText(file, value?.value ?? nothing);
  const place =
    value === undefined ? placeOf(file, { start: nameSpan.end, end: nameSpan.end }) : placeOf(file, value.span);
  return { name, keyPlace, value: { ...text, place }, node: undefined };
}

const BUILD_MOMENTS: Readonly<Record<string, CommandMoment>> = { RUN: 'build', HEALTHCHECK: 'health' };

function readBuildCommands(source: CommandSource, instruction: DockerInstruction): ReadCommands {
  const usual = BUILD_MOMENTS[instruction.keyword];
  if (usual === undefined) return NO_COMMANDS;
  const moment = instruction.onBuild ? 'onbuild' : usual;
  if (instruction.keyword === 'HEALTHCHECK') return readHealth(source, moment, instruction);
  return readForm(source, moment, instruction, instruction.body);
}

/** `HEALTHCHECK CMD …`: the command stands behind a word of its own. */
function readHealth(source: CommandSource, moment: CommandMoment, instruction: DockerInstruction): ReadCommands {
  const { text } = instruction.body;
  if (!/^cmd[ \t]/i.test(text)) return NO_COMMANDS;
  const start = 3 + (text.slice(3).length - text.slice(3).trimStart().length);
  const rest = sliceMapped(instruction.body, start, text.length);
  const exec = readExecForm(rest);
  if (exec !== undefined) return readExecWords(source, moment, exec, instruction.span);
  return readShellForm(source, moment, rest, instruction.span);
}

function readForm(
  source: CommandSource,
  moment: CommandMoment,
  instruction: DockerInstruction,
  body: MappedText,
): ReadCommands {
  const { exec, hereDocuments, span } = instruction;
  if (exec !== undefined) return readExecWords(source, moment, exec, span);
  if (hereDocuments.length === 0) return readShellForm(source, moment, body, span);
  // `RUN <<EOF`: the lines are the script. `RUN cat <<EOF > x`: the shell reads command and lines together.
  if (/^<<-?["']?[A-Za-z0-9_.-]+["']?$/.test(body.text.trim())) {
    return joinCommands(hereDocuments.map((document) => readShellForm(source, moment, document.body, span)));
  }
  const assembly = new TextAssembly();
  addMapped(assembly, body);
  for (const document of hereDocuments) {
    const end = document.body.offsetOf(document.body.text.length);
    assembly.add('\n', document.body.offsetOf(0));
    addMapped(assembly, document.body);
    assembly.add(
      `${document.body.text === '' || document.body.text.endsWith('\n') ? '' : '\n'}${document.delimiter}`,
      end,
    );
  }
  return readShellForm(source, moment, assembly.finish(span.start), span);
}

function addMapped(assembly: TextAssembly, mapped: MappedText): void {
  for (let index = 0; index < mapped.text.length; index++)
    assembly.add(mapped.text.charAt(index), mapped.offsetOf(index));
}

/** What runs when the container starts: ENTRYPOINT with CMD as its arguments, or CMD alone. */
function readStart(source: CommandSource, stage: Stage): ReadCommands {
  const entrypoint = lastInChain(stage, 'ENTRYPOINT');
  const command = lastInChain(stage, 'CMD');
  if (entrypoint?.exec !== undefined && entrypoint.exec.length > 0) {
    const extra = command?.exec ?? [];
    return readExecWords(source, 'start', [...entrypoint.exec, ...extra], entrypoint.span);
  }
  const only = entrypoint ?? command;
  return only === undefined ? NO_COMMANDS : readForm(source, 'start', only, only.body);
}

const BUILD_MOUNTS: Readonly<Record<string, ContainerMount['kind']>> = {
  secret: 'build-secret',
  ssh: 'ssh-agent',
  cache: 'build-cache',
  tmpfs: 'memory',
};

/** `RUN --mount=type=secret,id=x,target=/y`: seen during this instruction only. */
function readMounts(file: SourceFile, instruction: DockerInstruction): readonly ContainerMount[] {
  return instruction.flags
    .filter(({ name }) => name === 'mount')
    .map(({ value, span }) => {
      const fields = new Map(value.text.split(',').map((field) => splitAtEquals(field)));
      const field = (...names: readonly string[]): string =>
        names.map((name) => fields.get(name)).find((found) => found !== undefined) ?? '';
      const place = placeOf(file, span);
      return {
        kind: BUILD_MOUNTS[field('type')] ?? 'other',
        source: field('source', 'src', 'from', 'id'),
        target: field('target', 'dst', 'destination'),
        readOnly: !fields.has('rw') && !fields.has('readwrite'),
        place,
        removal: place,
      };
    });
}

function splitAtEquals(field: string): [string, string] {
  const equals = field.indexOf('=');
  return equals < 0 ? [field.trim(), ''] : [field.slice(0, equals).trim(), field.slice(equals + 1).trim()];
}

/** `RUN --security=insecure` builds without confinement; `RUN --network=host` shares the machine's network. */
function readRunSettings(file: SourceFile, instructions: readonly DockerInstruction[]): readonly ContainerSetting[] {
  return instructions.flatMap(({ flags }) =>
    flags.flatMap(({ name, value, span }): readonly ContainerSetting[] => {
      const place = placeOf(file, span);
      if (name === 'security' && value.text === 'insecure')
        return [{ name: 'privileged', text: 'insecure', place, removal: place }];
      if (name === 'network' && value.text === 'host')
        return [{ name: 'host-network', text: 'host', place, removal: place }];
      return [];
    }),
  );
}
