import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CodeLanguage } from '../../../src/code/index.ts';
import type { FindingDraft } from '../../../src/findings/index.ts';
import type { Catalogue } from '../../../src/taint/catalogue.ts';
import { findingsByFile, ownCatalogue } from './analysed.ts';
import type { Dialect } from './dialect.ts';
import { FRAMEWORK_CASES } from './framework-cases.ts';
import { GO } from './go-dialect.ts';
import { JAVA } from './java-dialect.ts';
import {
  entryTwins,
  languageOf,
  patternTwins,
  sanitizerTwins,
  sinkTwins,
  sourceTwins,
  type Twins,
} from './row-program.ts';
import { TYPED_CASES } from './typed-cases.ts';
import {
  typedPatternTwins,
  typedPropagatorTwins,
  typedSanitizerTwins,
  typedSinkTwins,
  typedSourceTwins,
} from './typed-twins.ts';
import { WRITTEN_CASES } from './written-cases.ts';

type Reports = (finding: FindingDraft) => boolean;

interface Case {
  readonly row: string;
  readonly attack: string;
  readonly benign: string;
  readonly path: string;
  readonly reports: Reports;
}

const runsCode: Reports = ({ rule }) => rule === 'CODE04';

/** One case for each row that a program can be made for, by its first name. */
function madeCases(catalogue: Catalogue): readonly Case[] {
  const { sources, sinks, sanitizers, entryPoints, patterns } = catalogue;
  return [
    ...DIALECTS.flatMap((dialect) => typedCases(catalogue, dialect)),
    ...casesOf(sources, sourceTwins, () => runsCode),
    ...casesOf(sinks, sinkTwins, (row) => (finding) => finding.rule === row.rule),
    ...casesOf(
      sanitizers,
      sanitizerTwins,
      () =>
        ({ rule }) =>
          rule < 'CODE40',
    ),
    ...casesOf(entryPoints, entryTwins, () => runsCode),
    ...casesOf(
      patterns,
      patternTwins,
      (row) =>
        ({ rule, message }) =>
          rule === row.rule && message === row.message,
    ),
  ];
}

const DIALECTS: readonly Dialect[] = [GO, JAVA];

const isFlow: Reports = ({ rule }) => rule < 'CODE40';

/** The same for a language with declared types. */
function typedCases(catalogue: Catalogue, dialect: Dialect): readonly Case[] {
  const made = <Row extends { readonly id: string; readonly languages: readonly CodeLanguage[] }>(
    rows: readonly Row[],
    make: (row: Row, dialect: Dialect) => Twins | undefined,
    reports: (row: Row) => Reports,
  ): readonly Case[] => {
    const own = rows.filter(({ languages }) => languages.includes(dialect.language));
    return [...new Map(own.toReversed().map((row) => [row.id, row])).values()].flatMap((row) => {
      const twins = make(row, dialect);
      if (!twins) return [];
      const { attack, benign } = twins;
      return [{ row: row.id, attack, benign, path: `file.${dialect.ending}`, reports: reports(row) }];
    });
  };
  return [
    ...made(catalogue.sources, typedSourceTwins, () => isFlow),
    ...made(catalogue.sinks, typedSinkTwins, (row) => (finding) => finding.rule === row.rule),
    ...made(catalogue.sanitizers, typedSanitizerTwins, () => isFlow),
    ...made(catalogue.propagators, typedPropagatorTwins, () => isFlow),
    ...made(
      catalogue.patterns,
      typedPatternTwins,
      (row) =>
        ({ rule, message }) =>
          rule === row.rule && message === row.message,
    ),
  ];
}

function casesOf<
  Row extends { readonly id: string; readonly languages: Parameters<typeof languageOf>[0]['languages'] },
>(rows: readonly Row[], make: (row: Row) => Twins | undefined, reports: (row: Row) => Reports): readonly Case[] {
  const untyped = rows.filter((row) => !DIALECTS.some(({ language }) => row.languages.includes(language)));
  const first = [...new Map(untyped.toReversed().map((row) => [row.id, row])).values()];
  return first.flatMap((row) => {
    const twins = make(row);
    if (twins === undefined) return [];
    const path = `${twins.path ?? 'file'}.${languageOf(row) === 'python' ? 'py' : 'js'}`;
    return { row: row.id, attack: twins.attack, benign: twins.benign, path, reports: reports(row) };
  });
}

function writtenCases({ sinks, sanitizers, patterns }: Catalogue): readonly Case[] {
  return [...WRITTEN_CASES, ...TYPED_CASES, ...FRAMEWORK_CASES].map((written) => {
    const rule = written.rule ?? [...sinks, ...patterns].find(({ id }) => id === written.row)?.rule ?? 'CODE04';
    // What a sanitizer keeps away is a flow of any category.
    const ofSanitizer = sanitizers.some(({ id }) => id === written.row);
    return { ...written, reports: ofSanitizer ? isFlow : (finding) => finding.rule === rule };
  });
}

const catalogue = await ownCatalogue();
const written = writtenCases(catalogue);
const byHand = new Set(written.map(({ row }) => row));
const cases = [...written, ...madeCases(catalogue).filter(({ row }) => !byHand.has(row))];

describe('rows of the catalogue', () => {
  it('each have an attack and a benign twin', () => {
    const covered = new Set(cases.map(({ row }) => row));
    const { version: _, ...areas } = catalogue;
    const ids = new Set(Object.values(areas).flatMap((rows) => rows.map(({ id }) => id)));
    assert.deepEqual([...ids].filter((id) => !covered.has(id)).sort(), []);
    assert.deepEqual([...covered].filter((id) => !ids.has(id)).sort(), [], 'cases of rows that are not there');
  });

  it('report their attack and not its twin', async () => {
    const files: Record<string, string> = {};
    for (const { row, path, attack, benign } of cases) {
      files[`${row}/attack/${path}`] = attack;
      files[`${row}/benign/${path}`] = benign;
    }
    const found = await findingsByFile(files, catalogue);
    const wrong = cases.flatMap(({ row, path, attack, benign, reports }) => {
      const missed = found.get(`${row}/attack/${path}`)?.some(reports) !== true;
      const alarm = found.get(`${row}/benign/${path}`)?.some(reports) === true;
      return [
        ...(missed ? [`${row} is missed in:\n${attack}`] : []),
        ...(alarm ? [`${row} is reported in:\n${benign}`] : []),
      ];
    });
    assert.equal(wrong.join('\n'), '');
  });
});
