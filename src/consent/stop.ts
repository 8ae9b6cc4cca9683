/** The reason of a suppression that stands for a STOP to a sender: it holds back advertising, and no alerts (rule C6, law L5). */
export const STOP = 'stop' as const;

/** Stands for every sender, where nobody can say to which a person wrote. */
export const EVERY_SENDER = '*';
