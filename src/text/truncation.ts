/**
 * `text` in at most `limit` UTF-16 units: head and tail are kept, and between them stands how many were left out. No
 * character is cut in two. A limit that is shorter than this remark leaves the remark alone.
 */
export function truncateMiddle(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const mark = `… ${text.length - limit} characters left out …`;
  const room = Math.max(0, limit - mark.length);
  const head = text.slice(0, Math.ceil(room / 2)).replace(/[\ud800-\udbff]$/, '');
  const tail = room > 1 ? text.slice(-Math.floor(room / 2)).replace(/^[\udc00-\udfff]/, '') : '';
  return `${head}${mark}${tail}`;
}
