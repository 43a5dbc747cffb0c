// What neighbours in a directory have in common is worked out once for all of them.

/** For units of a directory, and people of one page come from few of them. */
const kept = 1000;

/** A pure function that remembers what it gave last, for so many different texts that memory stays what it is. */
export function remembering<Result>(resultOf: (text: string) => Result): (text: string) => Result {
  const results = new Map<string, Result>();
  return (text) => {
    let result = results.get(text);
    if (result === undefined) {
      if (results.size >= kept) results.clear();
      results.set(text, (result = resultOf(text)));
    }
    return result;
  };
}
