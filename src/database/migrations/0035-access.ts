import { Migration } from '../migration.ts';

/**
 * People who sign in and stay signed in, keys that people give to machines, and what of both the environment made.
 * Whatever an earlier version inserts comes from the environment, hence the defaults.
 */
export class Access1793491235000 extends Migration {
  readonly name = 'Access1793491235000';
  readonly sql = `
ALTER TABLE account
  -- A session is good for the password that it was begun with.
  ADD COLUMN password_changed_at timestamptz NOT NULL DEFAULT now(),
  -- The password is that of ADMIN_PASSWORD; nobody has set another since.
  ADD COLUMN from_environment boolean NOT NULL DEFAULT true;
UPDATE account SET from_environment = false WHERE created_at > (SELECT min(created_at) FROM account);

ALTER TABLE api_key
  ADD COLUMN from_environment boolean NOT NULL DEFAULT true,
  ADD COLUMN created_by text NOT NULL DEFAULT 'system:environment',
  ADD COLUMN revoked_by text,
  -- To some minutes: a use writes nothing as long as one of late is known.
  ADD COLUMN last_used_at timestamptz;
UPDATE api_key SET from_environment = (label = 'WRITE_KEY');

-- Values of ADMIN_PASSWORD that were applied, hashed as passwords are: a value is applied once.
CREATE TABLE environment_password (
  email text NOT NULL,
  password_hash text NOT NULL,
  applied_at timestamptz NOT NULL,
  PRIMARY KEY (email, password_hash)
);

CREATE TABLE session (
  -- SHA-256 of the token in the cookie.
  hash text PRIMARY KEY,
  email text NOT NULL,
  password_changed_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL,
  seen_at timestamptz NOT NULL
);
CREATE INDEX session_email ON session (email);

-- Networks from which an account has signed in of late, as keyed hashes: strangers' guesses do not lock it out there.
CREATE TABLE sign_in_place (
  email text NOT NULL,
  place text NOT NULL,
  last_at timestamptz NOT NULL,
  PRIMARY KEY (email, place)
);

-- Counters of rate-limiter-flexible, in the form it wants; keys are keyed hashes.
CREATE TABLE rate_limit (
  key varchar(255) PRIMARY KEY,
  points integer NOT NULL DEFAULT 0,
  -- Epoch milliseconds.
  expire bigint
);
`;
}
