import { SallyportError } from '../../errors/index.ts';
import { jsonObject, renderJson } from '../../findings/index.ts';

/** An error for a program that reads the report. The face prints it for people and decides the exit code. */
export function describeError(error: unknown): string {
  const known =
    error instanceof SallyportError
      ? error
      : new SallyportError('SP1002', error instanceof Error ? error.message : String(error));
  const { code, message, advice, at } = known;
  const place = at && { file: at.file, line: at.line, column: at.column };
  return renderJson({ format: 'sallyport-error/1', error: jsonObject({ code, message, advice, at: place }) });
}
