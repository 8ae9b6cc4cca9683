/** The reason of a suppression that stands for an objection to direct marketing (GDPR Art. 21). */
export const OBJECTION = 'objection' as const;
