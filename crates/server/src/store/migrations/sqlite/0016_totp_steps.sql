-- The 30-second steps since 1970 whose codes were used (domain/totp.rs): each of them, not the last alone, because a clock
-- that was ahead uses one that is far from now.
CREATE TABLE totp_steps (
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    step BIGINT NOT NULL,
    PRIMARY KEY (account_id, step)
);

INSERT INTO totp_steps (account_id, step) SELECT id, totp_last_step FROM accounts WHERE totp_last_step > 0;
ALTER TABLE accounts DROP COLUMN totp_last_step;
