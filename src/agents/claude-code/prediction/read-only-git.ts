import { optionTable } from './option-table.ts';
import type { ReadOnlyRow } from './read-only-programs.ts';

/** Options that choose commits, and their order. */
const CHOICE = 'after author before committer grep since until';

interface GitRow {
  /** The first words; any of these. */
  readonly starts: readonly string[];
  readonly flags: string;
  readonly numbers?: string;
  readonly formats?: string;
  readonly texts?: string;
  readonly count?: readonly [least: number, most: number];
}

/** `git` by what its first words are, measured like the other programs; both versions agree on every one. */
const ROWS: readonly GitRow[] = [
  {
    starts: ['status'],
    flags: 'bsv branch column ignored long porcelain short verbose',
    texts: 'u untracked-files',
  },
  {
    starts: ['log'],
    flags: `ps abbrev-commit all branches color date-order decorate first-parent follow graph left-right merges
      name-only name-status no-color no-ext-diff no-merges no-patch no-walk numstat oneline patch pickaxe-regex remotes
      reverse shortstat stat tags topo-order`,
    numbers: 'n max-count skip',
    formats: '. format pretty',
    texts: `GS date diff-filter ${CHOICE}`,
  },
  {
    starts: ['diff'],
    flags: `psulBMR cached check color exit-code find-renames ignore-all-space ignore-space-at-eol ignore-space-change
      minimal name-only name-status no-color no-ext-diff no-index numstat quiet shortstat staged stat summary word-diff`,
    numbers: '. abbrev',
    texts: 'GS diff-filter',
  },
  {
    starts: ['show'],
    flags: `psm abbrev-commit color decorate first-parent graph name-only name-status no-color no-ext-diff no-patch
      numstat oneline patch quiet raw shortstat stat word-diff`,
    formats: '. format pretty',
    texts: '. date diff-filter',
  },
  {
    starts: ['blame'],
    flags: 'lnpstwefCM color line-porcelain no-color porcelain show-email',
    numbers: '. abbrev',
    texts: 'L date',
  },
  {
    starts: ['rev-parse'],
    flags: `. abbrev-ref absolute-git-dir git-common-dir git-dir is-inside-work-tree show-cdup show-prefix show-toplevel
      symbolic-full-name verify`,
    texts: '. short',
  },
  {
    starts: ['rev-list'],
    flags: '. abbrev-commit all count first-parent graph merges no-merges oneline remotes reverse tags',
    numbers: 'n abbrev max-count skip',
    formats: '. format pretty',
    texts: `. ${CHOICE}`,
  },
  {
    starts: ['ls-files'],
    flags: 'cdimostuvz cached deleted error-unmatch exclude-standard full-name modified others stage',
    numbers: '. abbrev',
    texts: 'x',
  },
  { starts: ['describe'], flags: '. always dirty exact-match long tags', numbers: '. abbrev', texts: '. match' },
  {
    starts: ['shortlog'],
    flags: 'ens all committer email no-merges numbered remotes summary tags',
    texts: '. after author before since until',
  },
  { starts: ['merge-base'], flags: '. all is-ancestor' },
  { starts: ['for-each-ref'], flags: '.', numbers: '. count', texts: '. points-at sort' },
  {
    starts: ['grep'],
    flags: `chilnqvwEFGLP and cached color count files-with-matches ignore-case line-number no-color no-index quiet
      word-regexp`,
    numbers: 'ABC',
    texts: 'e',
  },
  { starts: ['ls-remote'], flags: 'q exit-code get-url heads refs tags', count: [1, 1] },
  {
    starts: ['branch'],
    flags: 'alrv all column list merged no-merged remotes show-current verbose',
    texts: '. contains points-at sort',
    count: [1, 1],
  },
  { starts: ['branch --list', 'branch -l'], flags: 'lv list' },
  { starts: ['branch --merged', 'branch --no-merged'], flags: '. merged no-merged', count: [2, 2] },
  { starts: ['tag'], flags: 'l list', numbers: 'n', texts: '. contains points-at sort', count: [1, 1] },
  { starts: ['tag -l', 'tag --list'], flags: 'l list', texts: '. sort' },
  { starts: ['remote'], flags: 'v verbose', count: [1, 1] },
  { starts: ['config --get'], flags: '. get', count: [2, 2] },
  { starts: ['stash list'], flags: '. oneline', count: [2, 2] },
  { starts: ['stash show'], flags: 'p stat' },
  {
    starts: ['reflog'],
    flags: '. all decorate graph oneline remotes tags',
    numbers: 'n max-count',
    texts: `. date ${CHOICE}`,
    count: [1, 1],
  },
  { starts: ['reflog show', 'reflog list'], flags: '. oneline', numbers: 'n' },
  { starts: ['worktree list'], flags: 'v porcelain', count: [2, 2] },
  { starts: ['cat-file'], flags: 'epst' },
];

export const READ_ONLY_GIT: readonly ReadOnlyRow[] = ROWS.map(({ starts, count, ...options }) => ({
  names: ['git'],
  starts,
  known: true,
  options: optionTable({ ...options, takesCount: true }),
  ...(count === undefined ? {} : { count }),
}));
