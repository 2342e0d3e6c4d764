import type { AgentConfiguration, Invocation } from '../agents/index.ts';
import type { Place } from '../syntax/index.ts';

/** A prompt that only names a command of the repository: its real text stands in a file. */
export interface SlashCommand {
  /** As written, without the slash: `dedupe`, `team:triage`. */
  readonly name: string;
  readonly place: Place;
  /** The files that define it; none when the command is not in the repository. */
  readonly files: readonly AgentConfiguration[];
}

const NAMED = /^\s*\/([A-Za-z][\w:-]*)/;

/** Commands and skills of the repository that the prompts of an agent start. */
export function slashCommandsOf(
  { prompts }: Invocation,
  configurations: readonly AgentConfiguration[],
): readonly SlashCommand[] {
  return prompts.flatMap(({ text, place }): SlashCommand[] => {
    const name = NAMED.exec(text)?.[1];
    if (name === undefined) return [];
    const files = configurations.filter(({ kind, file }) => isDefinition(kind, file.path, name));
    return [{ name, place, files }];
  });
}

/** `team:triage` stands in `commands/team/triage.md`; a skill in a folder of its name. */
function isDefinition(kind: AgentConfiguration['kind'], path: string, name: string): boolean {
  if (kind === 'command') return path.endsWith(`/commands/${name.replaceAll(':', '/')}.md`);
  return kind === 'skill' && path.endsWith(`/skills/${name}/SKILL.md`);
}
