import type { Readers, SourceTree } from '../syntax/index.ts';
import { readAzure } from './azure/index.ts';
import { recogniseLocks } from './gh-aw/lock.ts';
import { readAgenticSources } from './gh-aw/source.ts';
import { readGitHub } from './github/read-github.ts';
import { readGitLab } from './gitlab/index.ts';
import { readJenkins } from './jenkins/index.ts';
import type { Pipeline } from './model.ts';

/**
 * Every pipeline of a repository, of every platform, sorted by path. Content never makes it throw: what could not be
 * read stands in each pipeline's `gaps`.
 */
export function readPipelines(tree: SourceTree, readers: Readers): readonly Pipeline[] {
  const sources = readAgenticSources(tree, readers);
  const pipelines = [
    ...recogniseLocks(readGitHub(tree, readers), sources),
    ...sources,
    ...readGitLab(tree, readers),
    ...readJenkins(tree, readers),
    ...readAzure(tree, readers),
  ];
  return pipelines.toSorted((a, b) => (a.file.path < b.file.path ? -1 : a.file.path > b.file.path ? 1 : 0));
}
