import { agentTextOutputs } from '../agents/index.ts';
import type { Step, StepScript } from '../pipelines/index.ts';
import type { Place, ScriptCommand, ScriptWord } from '../syntax/index.ts';
import type { AgentRun } from './model.ts';
import { stepsOf } from './scope.ts';
import { baseName, filesRead, writesTo } from './script-files.ts';
import {
  feedersOf,
  lastAssignment,
  placeIn,
  type ScriptRange,
  scriptsOf,
  spanIn,
  spansOf,
  variablesIn,
  within,
} from './script-range.ts';

/** A command that runs, as a program, text that an agent answered. */
export interface ExecutedAnswer {
  readonly place: Place;
  /** The command as it is spelled, shortened. */
  readonly spelled: string;
}

/** Longer ways from the answer to the command are not followed, nor more parts of scripts than anybody writes. */
const MOST_HOPS = 5;
const MOST_LOOKS = 500;
const MOST_SPELLED = 80;

const SHELL = /^(?:ba|da|a|k|z)?sh$/;
const INTERPRETER = /^(?:python3?|node|perl|ruby|pwsh|powershell)$/;
/** Options behind which an interpreter takes its program as a word. */
const PROGRAM_TEXT = /^(?:-[a-z]*c|-e|--eval|-Command)$/;
const EVALUATES = /^(?:eval|Invoke-Expression|iex)$/;
const SOURCES = /^(?:source|\.)$/;
/** Options by which an agent writes its last answer into a file. */
const ANSWER_FILE = /^(?:-o|--output-last-message|--output-file)$/;
/** What stands in front of a program and runs it. */
const WRAPPERS: ReadonlySet<string> = new Set(['sudo', 'env', 'time', 'nohup', 'exec', 'command', 'timeout', 'xargs']);

/** An agent's answer on its way through the job: in files, in shell variables, in outputs of its step. */
export class AnswerFlow {
  readonly #run: AgentRun;
  readonly #parts: readonly Part[];
  /** What is known of a file; one that is being looked at counts as free of the answer, so that circles end. */
  readonly #files = new Map<string, boolean>();
  #looks = 0;

  constructor(run: AgentRun) {
    this.#run = run;
    const steps = [run.step, ...run.after.flatMap(stepsOf)];
    this.#parts = steps.flatMap((step) => scriptsOf(step).map((script) => ({ script, step })));
  }

  /** Commands of the agent's step and of those behind it that run the answer, in the order of the job. */
  executed(): readonly ExecutedAnswer[] {
    return this.#parts.flatMap((part) => {
      const { script } = part;
      const own = spanIn(script, this.#run.invocation.place);
      return script.script.commands
        .filter(({ span }) => own === undefined || span.end > own.start)
        .filter((command) => this.#runsAnswer(command, part))
        .map(({ span }) => ({
          place: placeIn(script, span),
          spelled: script.text.text.slice(span.start, span.end).trim().slice(0, MOST_SPELLED),
        }));
    });
  }

  /** Whether the answer is in the output of this name of the agent's own step. */
  isInOutput(name: string): boolean {
    const { step } = this.#run;
    if (step.uses !== undefined) return agentTextOutputs(step.uses.name)?.includes(name) ?? false;
    return this.#parts.some(
      (part) =>
        part.step === step &&
        [`${name}=`, `${name}<<`].some((start) => part.script.text.text.includes(start)) &&
        part.script.script.commands.some(
          ({ redirects, span }) =>
            redirects.some(({ target }) => target?.source.includes('GITHUB_OUTPUT')) && this.#carries(part, span),
        ),
    );
  }

  /** Whether the answer is in the variable of this name, which a script of the job sets for the steps behind it. */
  isInVariable(name: string): boolean {
    const wanted = variableName(name);
    return this.#parts.some((part) =>
      part.step.effects.some((effect) => {
        if (effect.kind !== 'set-environment' || effect.target !== 'env') return false;
        const span = spanIn(part.script, effect.place);
        return span !== undefined && variableName(effect.name ?? '') === wanted && this.#carries(part, span);
      }),
    );
  }

  #runsAnswer(command: ScriptCommand, part: Part): boolean {
    const words = withoutWrappers(command.words);
    const [program, ...rest] = words;
    const name = baseName(program?.literal ?? '');
    const isShell = SHELL.test(name);
    if (EVALUATES.test(name)) return rest.some(({ span }) => this.#carries(part, span));
    if (SOURCES.test(name) || isShell || INTERPRETER.test(name)) {
      const option = rest.findIndex(({ literal }) => PROGRAM_TEXT.test(literal ?? ''));
      const text = rest[option + 1];
      if (option >= 0 && text !== undefined) return this.#carries(part, text.span);
      const file = rest.find(({ literal, source }) => !(literal ?? source).startsWith('-'));
      if (file !== undefined) return this.#isAnswerFile(file) || this.#carries(part, file.span);
      const fed = [...feedersOf(command, part.script.script.commands).flatMap(spansOf), command.span];
      return (isShell || INTERPRETER.test(name)) && fed.some((span) => this.#carries(part, span));
    }
    // A program of the tree that the answer was written into.
    return program !== undefined && /^\.{0,2}\//.test(program.literal ?? '') && this.#isAnswerFile(program);
  }

  #isAnswerFile({ literal, source }: ScriptWord): boolean {
    return this.#fileCarries(baseName(literal ?? source), 0);
  }

  /** Whether the answer is a part of what stands there. */
  #carries(part: Part, span: ScriptRange['span'], hops = 0): boolean {
    if (hops > MOST_HOPS || ++this.#looks > MOST_LOOKS) return false;
    const range = { script: part.script, span };
    if (part.script.script.commands.some((command) => within(command.span, span) && narrows(command))) return false;
    if (this.#holdsAgent(part, span)) return true;
    return (
      variablesIn(range).some((name) => this.#variableCarries(name, part, span, hops)) ||
      filesRead(range).some((path) => this.#fileCarries(baseName(path), hops + 1))
    );
  }

  #variableCarries(name: string, part: Part, { start }: ScriptRange['span'], hops: number): boolean {
    if (isCompared(name, part.script.text.text.slice(0, start))) return false;
    const assigned = lastAssignment(part.script, name, start);
    if (assigned !== undefined) return this.#carries(part, assigned, hops + 1);
    const earlier = this.#sameShell(part).findLast(({ script }) => lastAssignment(script, name, Infinity));
    const there = earlier && lastAssignment(earlier.script, name, Infinity);
    if (earlier !== undefined && there !== undefined) return this.#carries(earlier, there, hops + 1);
    const given = part.step.environment.find((entry) => entry.name === name)?.value;
    const prefix = `steps.${this.#run.step.id}.outputs.`;
    if (given === undefined) return this.isInVariable(name);
    return given.interpolations
      .flatMap(({ values }) => values)
      .some((value) => value.name.startsWith(prefix) && this.isInOutput(value.name.slice(prefix.length)));
  }

  /** GitLab runs the lines of a job, which are steps here, in one shell. */
  #sameShell(part: Part): readonly Part[] {
    return this.#run.pipeline.platform === 'gitlab' ? this.#parts.slice(0, this.#parts.indexOf(part)) : [];
  }

  #fileCarries(file: string, hops: number): boolean {
    const known = this.#files.get(file);
    if (known !== undefined || hops > MOST_HOPS) return known ?? false;
    this.#files.set(file, false);
    const carries = this.#isWrittenInto(file, hops);
    this.#files.set(file, carries);
    return carries;
  }

  /** Whether a command of the job writes the answer into a file of this name. */
  #isWrittenInto(file: string, hops: number): boolean {
    return this.#parts.some((part) =>
      part.script.script.commands.some((command) => {
        const feeding = [command, ...feedersOf(command, part.script.script.commands)];
        // An agent that stands in the text of a here-document is written there, not asked.
        const asked = feeding.some(({ span }) => this.#holdsAgent(part, span));
        if (asked || !writesTo(command, file)) return asked && (writesTo(command, file) || answersInto(command, file));
        const spans = feeding.flatMap(spansOf).filter((span) => !this.#holdsAgent(part, span));
        return spans.some((span) => this.#carries(part, span, hops + 1));
      }),
    );
  }

  /** Whether the agent is asked there. One that stands in a quoted text is what that text starts, not what it holds. */
  #holdsAgent({ script }: Part, span: ScriptRange['span']): boolean {
    const own = spanIn(script, this.#run.invocation.place);
    if (own === undefined || !within(own, span)) return false;
    const before = script.text.text.slice(span.start, own.start);
    return /[$<]\(|`/.test(before) || (before.match(/["']/g)?.length ?? 0) % 2 === 0;
  }
}

/** A script of the agent's step or of one behind it. */
interface Part {
  readonly script: StepScript;
  readonly step: Step;
}

/** Azure makes `ask.answer` the variable `ASK_ANSWER`. */
function variableName(name: string): string {
  return name.replace(/[.\s-]/g, '_').toUpperCase();
}

const COUNTS = /^(?:wc|cksum|md5sum|sha\d{1,3}sum)$/;

/** Of whatever it reads it prints a number, a hash, or words of a closed set. */
function narrows({ words: [program, ...rest] }: ScriptCommand): boolean {
  const name = program?.literal ?? '';
  const [first = '', ...others] = rest.map(({ literal, source }) => literal ?? source);
  if (name === 'grep' && /^-[A-Za-z]*[cq]/.test(first)) return true;
  if (name === 'grep' && /^-[A-Za-z]*o/.test(first)) return others.every((word) => !/\.[*+?{]|\[\^/.test(word));
  return COUNTS.test(name) || (name === 'tr' && /^-(?:cd|dc)$/.test(first));
}

/** The script asks what the variable is before: `case "$X" in`, `[[ $X =~ ^… ]]`, `[ "$X" = … ]`. */
function isCompared(name: string, before: string): boolean {
  const use = `"?\\$\\{?${RegExp.escape(name)}\\b\\}?"?`;
  return new RegExp(`\\bcase\\s{1,9}${use}\\s{1,9}in\\b|\\[\\s{1,9}${use}\\s{1,9}(?:=~\\s{1,9}\\^|==?\\s)`).test(
    before,
  );
}

function withoutWrappers(words: readonly ScriptWord[]): readonly ScriptWord[] {
  const first = words.findIndex(
    ({ literal, source }) =>
      !(WRAPPERS.has(literal ?? '') || /^[A-Za-z_]\w*=/.test(source) || /^-|^\d+[smh]?$/.test(literal ?? '')),
  );
  return first < 0 ? [] : words.slice(first);
}

/** `codex exec -o answer.txt`. */
function answersInto({ words }: ScriptCommand, file: string): boolean {
  return words.some(({ literal }, index) => {
    const [option = '', value = words[index + 1]?.literal] = (literal ?? '').split('=', 2);
    return ANSWER_FILE.test(option) && value !== undefined && baseName(value) === file;
  });
}
