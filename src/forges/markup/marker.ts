/**
 * Marks by which we find our own comments again: HTML comments, which no forge shows. A mark alone proves nothing;
 * anybody can write it. Only a comment of our own account that also ends with it is ours.
 */
const REMARK = /<!-- sallyport:remark:([0-9a-f]{8,64}) -->$/;

/** The mark of the one summary of a kind: `review`, `gate`. */
export function summaryMarker(kind: string): string {
  return `<!-- sallyport:summary:${kind.replace(/[^a-z0-9-]/g, '')} -->`;
}

/** The mark of the remark about a finding. */
export function remarkMarker(fingerprint: string): string {
  return `<!-- sallyport:remark:${fingerprint} -->`;
}

/** The fingerprint in the mark at the end of a comment; text from outside in it cannot stand there. */
export function remarkFingerprint(body: string): string | undefined {
  return REMARK.exec(body.trimEnd())?.[1];
}

export function endsWithMarker(body: string, marker: string): boolean {
  return body.trimEnd().endsWith(marker);
}

/** Forges trim bodies and change line ends; that is no difference. */
export function isSameBody(one: string, other: string): boolean {
  return plain(one) === plain(other);
}

function plain(body: string): string {
  return body.replaceAll('\r', '').trim();
}
