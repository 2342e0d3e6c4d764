import type { CodeLanguage } from '../../code/index.ts';
import type {
  Catalogue,
  DottedPattern,
  EntryPointRow,
  PatternRow,
  PropagatorRow,
  SanitizerRow,
  SinkRow,
  SourceRow,
} from '../catalogue.ts';
import { matchesDotted } from './dotted-pattern.ts';

/** Everything the catalogue says about one name in one language. */
export interface NameRows {
  readonly sources: readonly SourceRow[];
  readonly sinks: readonly SinkRow[];
  readonly sanitizers: readonly SanitizerRow[];
  readonly propagators: readonly PropagatorRow[];
  readonly entryPoints: readonly EntryPointRow[];
  readonly patterns: readonly PatternRow[];
}

interface MatchRow {
  readonly match: DottedPattern;
  readonly languages: readonly CodeLanguage[];
}

/** A row and its place in its list. */
interface PlacedRow {
  readonly row: MatchRow;
  readonly index: number;
}

/** A catalogue that is asked by name. Answers are remembered: a program uses few names. */
export class RowIndex {
  readonly catalogue: Catalogue;
  readonly #answers = new Map<CodeLanguage, Map<string, NameRows>>();
  readonly #entryPoints = new Map<CodeLanguage, readonly EntryPointRow[]>();
  #holders: ReadonlySet<string> | undefined;
  readonly #own = new Map<NameRows, NameRows>();
  readonly #byEnding = new Map<readonly MatchRow[], Map<string, PlacedRow[]>>();

  constructor(catalogue: Catalogue) {
    this.catalogue = catalogue;
  }

  about(name: string, language: CodeLanguage): NameRows {
    const answers = this.#answersIn(language);
    const known = answers.get(name);
    if (known) return known;
    const { sources, sinks, sanitizers, propagators, entryPoints, patterns } = this.catalogue;
    const answer: NameRows = {
      sources: this.#matching(sources, name, language),
      sinks: this.#matching(sinks, name, language),
      sanitizers: this.#matching(sanitizers, name, language),
      propagators: this.#matching(propagators, name, language),
      entryPoints: this.#matching(entryPoints, name, language),
      patterns: this.#matching(patterns, name, language),
    };
    answers.set(name, answer);
    return answer;
  }

  /** The same for a function of the tree: it is run, so what is said of any receiver's method is not meant for it. */
  aboutOwn(name: string, language: CodeLanguage): NameRows {
    const all = this.about(name, language);
    const known = this.#own.get(all);
    if (known) return known;
    const { sources, sinks, sanitizers, propagators, entryPoints, patterns } = all;
    const answer: NameRows = {
      sources: sources.filter(isExact),
      sinks: sinks.filter(isExact),
      sanitizers: sanitizers.filter(isExact),
      propagators: propagators.filter(isExact),
      entryPoints,
      patterns: patterns.filter(isExact),
    };
    this.#own.set(all, answer);
    return answer;
  }

  /** Entry points that are known by what a function is, not by what is done with it. */
  entryPointsOf(language: CodeLanguage | undefined): readonly EntryPointRow[] {
    if (language === undefined) return [];
    const known = this.#entryPoints.get(language);
    if (known) return known;
    const answer = this.catalogue.entryPoints.filter(
      ({ form, languages }) => BY_NATURE.has(form) && languages.includes(language),
    );
    this.#entryPoints.set(language, answer);
    return answer;
  }

  /** Whether members of what has this name are sources. */
  hasSourcesBelow(name: string): boolean {
    this.#holders ??= new Set(this.catalogue.sources.flatMap(({ match }) => holdersIn(match)));
    return this.#holders.has(name);
  }

  /** Sinks that what an entry point returns goes to. */
  returned(entryPoint: EntryPointRow): readonly SinkRow[] {
    return this.catalogue.sinks.filter((row) => row.form === 'return' && row.match === entryPoint.id);
  }

  #answersIn(language: CodeLanguage): Map<string, NameRows> {
    let answers = this.#answers.get(language);
    if (!answers) {
      answers = new Map();
      this.#answers.set(language, answers);
    }
    return answers;
  }

  #matching<T extends MatchRow>(rows: readonly T[], name: string, language: CodeLanguage): readonly T[] {
    const ending = name.slice(name.lastIndexOf('.') + 1);
    const table = this.#endings(rows);
    const candidates = [...(table.get(ending) ?? []), ...(table.get('*') ?? [])];
    const fitting = candidates.filter(({ row }) => fits(row, name, language));
    // In the order of the list.
    return fitting.sort((one, other) => one.index - other.index).flatMap(({ index }) => rows[index] ?? []);
  }

  #endings(rows: readonly MatchRow[]): Map<string, PlacedRow[]> {
    const known = this.#byEnding.get(rows);
    if (known) return known;
    const table = new Map<string, PlacedRow[]>();
    for (const [index, row] of rows.entries()) {
      const last = row.match.slice(row.match.lastIndexOf('.') + 1);
      const key = last.endsWith('*') ? '*' : last;
      const list = table.get(key);
      if (list) list.push({ row, index });
      else table.set(key, [{ row, index }]);
    }
    this.#byEnding.set(rows, table);
    return table;
  }
}

/** Of `a.b.c` they are `a` and `a.b`. */
function holdersIn(match: string): readonly string[] {
  const parts = match.split('.');
  return parts.slice(1).map((_, at) => parts.slice(0, at + 1).join('.'));
}

const BY_NATURE: ReadonlySet<EntryPointRow['form']> = new Set(['convention', 'export', 'method']);

function fits(row: MatchRow, name: string, language: CodeLanguage): boolean {
  return row.languages.includes(language) && matchesDotted(row.match, name);
}

function isExact(row: MatchRow): boolean {
  return !row.match.startsWith('*');
}
