/**
 * Which known name a misspelt one was meant to be: `pingTimout` is `pingTimeout`.
 */

/**
 * @returns the known name with the fewest edits between the two, upper and
 *   lower case aside; `undefined` if none is near enough to be meant
 */
export function nearestName(
  name: string,
  known: Iterable<string>,
): string | undefined {
  const wanted = name.toLowerCase();
  let nearest: string | undefined;
  // A third of the letters may differ: `timeout` is no misspelling of `callback`.
  let fewest = Math.floor(Math.min(name.length, LONGEST) / 3) + 1;
  if (name.length > LONGEST) return undefined;
  for (const candidate of known) {
    const edits = editDistance(wanted, candidate.toLowerCase(), fewest);
    if (edits < fewest) {
      fewest = edits;
      nearest = candidate;
    }
  }
  return nearest;
}

/** `. Did you mean "pingTimeout"?`, or nothing, to put behind a message. */
export function didYouMean(name: string, known: Iterable<string>): string {
  const nearest = nearestName(name, known);
  return nearest === undefined ? "" : `. Did you mean "${nearest}"?`;
}

/** Longer names are nobody's misspelling, and the distance takes time that grows with the square. */
const LONGEST = 64;

/**
 * The distance of Damerau and Levenshtein, with neighbouring letters swapped at
 * most once: how many letters to insert, delete, replace or swap.
 *
 * @returns `enough` if the lengths alone say that it is not less
 */
function editDistance(a: string, b: string, enough: number): number {
  if (Math.abs(a.length - b.length) >= enough) return enough;
  let twoBack: number[] = [];
  let before = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let edits = Math.min(
        (before[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (before[j - 1] ?? 0) + (same ? 0 : 1),
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        edits = Math.min(edits, (twoBack[j - 2] ?? 0) + 1);
      row.push(edits);
    }
    twoBack = before;
    before = row;
  }
  return before[b.length] ?? enough;
}
