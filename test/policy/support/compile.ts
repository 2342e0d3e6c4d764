import { type CompileInput, compilePolicy, type Policy, parsePolicy } from '../../../src/policy/index.ts';

/** The policy that a file's text compiles to. */
export async function policyOf(text: string, more: Omit<CompileInput, 'repository'> = {}): Promise<Policy> {
  return compilePolicy({
    repository: await parsePolicy(`version: 1\n${text}`, 'sallyport.yaml'),
    workspaceRoot: '/work',
    ...more,
  });
}
