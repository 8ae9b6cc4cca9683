/**
 * What the message that asks for a confirmation names as its scenario (rule C4): no scenario of a library can be called
 * so, because an id is kebab-case.
 */
export const CONFIRMATION = '@double-opt-in';
