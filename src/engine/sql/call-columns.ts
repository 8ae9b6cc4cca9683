/** The columns of a row `w` of `webhook_call`, under the names of `WebhookCall`. */
export const CALL_COLUMNS = `
  w.id, w.contact_id AS "contactId", w.enrollment_id AS "enrollmentId", w.scenario_id AS "scenarioId",
  w.scenario_version AS "scenarioVersion", w.step, w.method, w.url, w.headers, w.body, w.planned_at AS "plannedAt",
  w.status, w.due_at AS "dueAt", w.attempts, w.status_code AS "statusCode", w.error, w.settled_at AS "settledAt"`;
