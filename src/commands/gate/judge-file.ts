import type { Gap, SourceFile, SourceTree } from '../../syntax/index.ts';

/**
 * A file by which changes are judged, as a file of its own. What stands behind a link would be read elsewhere than where
 * its changes are noticed (GATE014) and where statements name it by digest: so a link is a gap.
 */
export function readJudgeFile(target: SourceTree, path: string): SourceFile | Gap | undefined {
  const file = target.read(path);
  if (file === undefined || target.entries.some((entry) => entry.kind === 'file' && entry.path === path)) return file;
  return {
    kind: 'link',
    message: 'it is a link; make it a file of its own',
    place: { file: path, span: { start: 0, end: 0 } },
  };
}
