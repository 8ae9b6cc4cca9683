/** One file in which two states of a document differ; null where that state has no such file. */
export interface Difference {
  /** The document, as it is named on the command line. */
  name: string;
  before: FileState | null;
  after: FileState | null;
}

export interface FileState {
  file: string;
  /** Which state it is: `version 3`, `file`. */
  label: string;
  text: string;
}

/** One state of a document: its files by name. */
export interface DocumentState {
  label: string;
  files: Readonly<Record<string, string>>;
}

/** The files of one document that are not the same in two states of it, by name. `isSame` compares two texts. */
export function differencesOf(
  name: string,
  before: DocumentState | null,
  after: DocumentState | null,
  isSame: (before: string, after: string) => boolean,
): Difference[] {
  const stateOf = (state: DocumentState | null, file: string): FileState | null =>
    state === null || !Object.hasOwn(state.files, file) ? null : { file, label: state.label, text: state.files[file]! };
  const files = [...new Set([...Object.keys(before?.files ?? {}), ...Object.keys(after?.files ?? {})])].sort();
  return files
    .map((file) => ({ name, before: stateOf(before, file), after: stateOf(after, file) }))
    .filter(({ before: old, after: made }) => old === null || made === null || !isSame(old.text, made.text));
}
