import { phrases } from './phrases.ts';

// The first part is of Sisimai's tables of bounce reasons (see LICENSE.sisimai.txt), put in classes of our own; the second
// part was added here.

/** It could not be delivered now, or in the days it was tried; the mailbox may be alive. */
export const NOT_NOW_WORDS: readonly string[] = phrases(`
  452 insufficient disk space
  aliasing/forwarding loop broken
  can't create user output file
  command died with status
  connection timed out
  could not be delivered for * days
  could not connect and send the mail to
  could not find a gateway for
  could not load drd for domain
  delivery expired
  delivery time expired
  dns records for the destination computer could not be found
  domain is not reachable
  failed to deliver to domain
  giving up on
  has been suspended
  have been failing for a long time
  hop count exceeded - possible mail loop
  host is unreachable
  host name lookup failure
  host not found, try again
  host unreachable
  insecure mail relay
  internal error reading data
  internal server error: operation now in progress
  interrupted system call
  is currently suspended
  is not accepting any mail
  is not permitted to relay through this server without authentication
  it encountered an error while being processed
  it has not been collected after
  it would create a mail loop
  local configuration error
  local error in processing
  loop was found in the mail exchanger
  loops back to myself
  mail forwarding loop for
  mail receiving disabled
  mail server requires authentication when attempting to send to a non-local e-mail address
  mail system configuration error
  mail system full
  mailbox currently suspended
  malformed name server reply
  malformed or unexpected name server reply
  maximum forwarding loop count exceeded
  message expired after sitting in queue for
  message expired, cannot connect to remote server
  message expired, connection refulsed
  message looping
  message probably in a routing loop
  message timed out
  no relaying
  no route to host
  no space left on device
  not a gateway
  not allowed to relay through this machine
  not an open relay, so get lost
  not sufficient disk space
  procmail:
  queue file write error
  receiving mail at a rate that prevents additional messages from being delivered
  recipient deferred because there is no mdb
  recipient rejected: temporarily inactive
  recipient suspend the service
  relay access denied
  relay denied
  relay not permitted
  relaying denied
  relaying mail to
  remote server is misconfigured
  requested mail action aborted: exceeded storage allocation
  retry time not reached for any host after a long failure period
  server configuration error
  server did not respond
  service currently unavailable
  specified domain is not allowed
  system config error
  temporary local problem
  temporary locked
  that domain isn't in my list of allowed rcpthost
  that domain or user isn't in my list of allowed rcpthosts
  this account has been temporarily suspended
  this message has been in the queue too long
  this system is not configured to relay mail
  timeout waiting for input
  too many hops
  unable to deliver message after multiple retries
  unable to relay for
  unable to resolve route
  unrouteable mail domain
  user is receiving mail too quickly
  user suspended
  vdelivermail: account is locked email bounced
  was not reachable within the allowed queue period
  we don't handle mail for
  we have already made numerous attempts to deliver this message
  your message could not be delivered for more than

  host not found * try again
  temporarily unavailable
  try again later
  le compte du destinataire est bloque
  the recipient account isblocked
  mail loop detected
  could not deliver for the last
  did not accept our requests to connect
  delivery failed * attempts
  retry timeout exceeded
  all hosts * have been failing
`);
