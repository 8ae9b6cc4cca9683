/** The columns of a row `m` of `message`, under the names of `Message`. */
export const MESSAGE_COLUMNS = `
  m.id, m.contact_id AS "contactId", m.enrollment_id AS "enrollmentId", m.scenario_id AS "scenarioId",
  m.scenario_version AS "scenarioVersion", m.programme, m.campaign, m.step, m.channel, m.template,
  m.template_version AS "templateVersion", m.category, m.purpose, m.priority, m.sender,
  m.needs_consent AS "needsConsent", m.subject_to AS "subjectTo", m.counts_toward AS "countsToward",
  m.parts, m.send_window AS "window", m.data, m.planned_at AS "plannedAt", m.expires_at AS "expiresAt", m.status,
  m.due_at AS "dueAt", m.held_until AS "heldUntil", m.counted_at AS "countedAt", m.holds_until AS "holdsUntil", m.settled_at AS "settledAt",
  m.gate, m.reason, m.rule, m.judged, m.attempts`;

/**
 * Of a row `m` of `message` that is in the air, the first instant at which it may be handed over (see `CountedSend`). What a breaker
 * has put off may leave at any instant: at which it is lifted.
 */
export const IN_AIR_FROM = `CASE WHEN m.status IN ('ready', 'handing')
             THEN CASE WHEN m.reason = 'breaker-stopped' THEN m.planned_at ELSE m.due_at END END AS "from"`;
