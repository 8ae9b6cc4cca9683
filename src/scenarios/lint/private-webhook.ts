import { isPlainlyPrivate, namesHost } from '../../shared/internet-address.ts';
import { hostOf } from '../webhook-url.ts';
import { faultAt, type LintRule } from './rule.ts';

/** A call to a private address, which the policy does not allow (rule S4). What a name leads to is seen when it is called. */
export const privateWebhook: LintRule = (subject) =>
  Object.entries(subject.scenario.steps).flatMap(([id, step]) => {
    const { policy } = subject.library;
    if (step.kind !== 'webhook' || policy === undefined) return [];
    const host = hostOf(step.url);
    if (!isPlainlyPrivate(host) || namesHost(policy.webhooks.allowHosts, host)) return [];
    return [
      faultAt(subject, ['steps', id, 'webhook', 'url'], {
        code: 'private-webhook',
        message: `${host.host} is a private address, which may not be called`,
        hint: `to allow it, write webhooks: { allowHosts: ["${host.host}"] } into policy.yaml`,
      }),
    ];
  });
