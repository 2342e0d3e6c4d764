import { type GrammarName, loadGrammars } from '../../../src/code/index.ts';
import { createLineIndex, loadReaders } from '../../../src/syntax/index.ts';
import { analyseTree, CODE_RULES, describeCatalogue, ENGINE_LIMITS, loadCatalogue } from '../../../src/taint/index.ts';
import { memoryTree } from '../../support/memory-tree.ts';
import { type Alarm, foldClass } from './row.ts';

const LANGUAGES: readonly GrammarName[] = ['python', 'javascript', 'typescript', 'tsx'];

export interface Engine extends Disposable {
  /** Everything that the engine reports in these files, which are analysed together. */
  alarms(files: { readonly [path: string]: string }, threatModel?: 'service' | 'library'): Promise<readonly Alarm[]>;
}

/** Our engine with grammars and catalogue loaded once. */
export async function createEngine(): Promise<Engine> {
  const grammars = await loadGrammars(LANGUAGES);
  const catalogue = await loadCatalogue(await loadReaders());
  const classes = new Map(describeCatalogue(catalogue).map(({ id, tags }) => [id, tags.flatMap(classOf)]));
  const pedantic = new Set(CODE_RULES.filter(({ tier }) => tier === 'pedantic').map(({ id }) => id));
  const classOfFlow = Map.groupBy(catalogue.sinks, ({ rule }) => rule);
  /** A row of its own class says more than the rule that it belongs to. */
  const classesOf = (rule: string, isFlow: boolean, message: string): readonly number[] => {
    if (isFlow) return (classOfFlow.get(rule) ?? []).map(({ cwe }) => cwe);
    const rows = catalogue.patterns.filter((row) => row.rule === rule && row.message === message);
    return rows.length > 0 ? rows.map(({ cwe }) => cwe) : (classes.get(rule) ?? []);
  };
  return {
    async alarms(files, threatModel = 'service') {
      const tree = memoryTree(files);
      const limits = { ...ENGINE_LIMITS, millisecondsPerFile: 20_000 };
      const clock = process.hrtime.bigint;
      const request = { tree, only: undefined, catalogue, threatModel, limits, clock };
      const { findings } = await analyseTree(request, grammars);
      return findings.map(({ rule, tier, flow, place, message }): Alarm => {
        const sink = flow?.at(-1)?.place ?? place;
        const index = createLineIndex(files[sink.file] ?? '');
        return {
          file: sink.file,
          line: index.position(sink.span.start).line,
          lastLine: index.position(sink.span.end).line,
          classes: [...new Set(classesOf(rule, flow !== undefined, message).map(foldClass))],
          pedantic: tier === undefined ? pedantic.has(rule) : tier === 'pedantic',
          says: `${rule} ${message}`,
          through: (flow ?? []).slice(0, -1).map((step) => {
            const text = files[step.place.file] ?? '';
            return `${step.place.file}:${createLineIndex(text).position(step.place.span.start).line}`;
          }),
        };
      });
    },
    [Symbol.dispose]: () => grammars[Symbol.dispose](),
  };
}

function classOf(tag: string): readonly number[] {
  const [, number] = /^CWE-(\d+)$/.exec(tag) ?? [];
  return number === undefined ? [] : [Number(number)];
}
