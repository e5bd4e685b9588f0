// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

// Stands in for Microsoft's broker library in tests: has the functions that the credential calls, by their public declarations, and does
// what the test sets. Counts handles; one that is released twice, or used after its release, is a fault. No handle's memory is ever freed,
// so that faults are found and not suffered.

#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum kind { ERROR = 1, PARAMETERS, OPERATION, TOKEN, ACCOUNT, FOUND, FOUND_ALL, SIGNED_OUT, KINDS };

struct handle {
    int kind;
    int is_live;
    int status;
    char text[400];
};

typedef struct handle *handle;
typedef void (*callback)(handle, void *);

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int live[KINDS], created[KINDS], faults, callbacks;

// What the test sets, and what the library was told.
struct entry {
    char name[40];
    char value[1000];
};
static struct entry settings[100], records[100];

static struct entry *entry(struct entry *table, const char *name) {
    for (int i = 0; i < 100; i++) {
        if (!table[i].name[0]) snprintf(table[i].name, sizeof table[i].name, "%s", name);
        if (!strcmp(table[i].name, name)) return &table[i];
    }
    abort();
}

static const char *setting(const char *name) {
    pthread_mutex_lock(&lock);
    const char *value = entry(settings, name)->value;
    pthread_mutex_unlock(&lock);
    return value;
}

static int is_set(const char *name, const char *value) { return !strcmp(setting(name), value); }

static void record(const char *name, const char *value) {
    pthread_mutex_lock(&lock);
    struct entry *place = entry(records, name);
    size_t used = strlen(place->value);
    snprintf(place->value + used, sizeof place->value - used, "%s%s", used ? "|" : "", value ? value : "<null>");
    pthread_mutex_unlock(&lock);
}

// Waits as long as a setting has the value "hang".
static void hang(const char *name) {
    pthread_mutex_lock(&lock);
    while (!strcmp(entry(settings, name)->value, "hang")) pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
}

static handle made(int kind, int status, const char *text) {
    handle new = calloc(1, sizeof *new);
    new->kind = kind;
    new->is_live = 1;
    new->status = status;
    snprintf(new->text, sizeof new->text, "%s", text);
    pthread_mutex_lock(&lock);
    live[kind]++;
    created[kind]++;
    pthread_mutex_unlock(&lock);
    return new;
}

static void check(handle used, int kind) {
    pthread_mutex_lock(&lock);
    if (!used || used->kind != kind || !used->is_live) faults++;
    pthread_mutex_unlock(&lock);
}

static void release(handle old, int kind) {
    check(old, kind);
    pthread_mutex_lock(&lock);
    if (old && old->is_live) {
        old->is_live = 0;
        live[old->kind]--;
    }
    pthread_mutex_unlock(&lock);
}

// An error if the setting is a status.
static handle failure(const char *name) {
    const char *status = setting(name);
    return *status && strcmp(status, "hang") ? made(ERROR, atoi(status), setting("context")) : NULL;
}

// The form of all texts: asked with too little room, the size and an error.
static handle give(const char *text, char *buffer, int32_t *size) {
    int32_t needed = *text ? (int32_t)strlen(text) + 1 : 0;
    if (!needed) {
        *size = 0;
        return NULL;
    }
    if (!buffer || *size < needed) {
        *size = needed;
        return made(ERROR, 10, "insufficient buffer");
    }
    memcpy(buffer, text, (size_t)needed);
    *size = needed;
    return NULL;
}

// For the test.

void STANDIN_Set(const char *name, const char *value) {
    pthread_mutex_lock(&lock);
    struct entry *place = entry(settings, name);
    snprintf(place->value, sizeof place->value, "%s", value);
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}

// Separated by bars; empty if there is none. For a program that asks when no operation runs.
const char *STANDIN_Record(const char *name) { return entry(records, name)->value; }

int STANDIN_Live(void) {
    int sum = 0;
    pthread_mutex_lock(&lock);
    for (int i = 0; i < KINDS; i++) sum += live[i];
    pthread_mutex_unlock(&lock);
    return sum;
}

int STANDIN_Created(void) {
    int sum = 0;
    pthread_mutex_lock(&lock);
    for (int i = 0; i < KINDS; i++) sum += created[i];
    pthread_mutex_unlock(&lock);
    return sum;
}

int STANDIN_Faults(void) { return faults; }
int STANDIN_Callbacks(void) { return callbacks; }

// Callbacks.

struct call {
    callback function;
    handle result;
    void *data;
    int times;
};
static struct call held[100];
static int held_count;

static void make(struct call *call) {
    for (int i = 0; i < call->times; i++) {
        call->function(call->result, call->data);
        pthread_mutex_lock(&lock);
        callbacks++;
        pthread_cond_broadcast(&changed);
        pthread_mutex_unlock(&lock);
    }
}

static void *make_in_thread(void *call) {
    make(call);
    free(call);
    return NULL;
}

static void begin_thread(struct call call) {
    struct call *copy = malloc(sizeof *copy);
    *copy = call;
    pthread_t thread;
    if (pthread_create(&thread, NULL, make_in_thread, copy)) abort();
    pthread_detach(thread);
}

// Lets the callbacks go that were held, on another thread, and waits for their end.
void STANDIN_LetGo(void) {
    pthread_mutex_lock(&lock);
    int expected = callbacks;
    int count = held_count;
    struct call calls[100];
    memcpy(calls, held, sizeof held);
    held_count = 0;
    pthread_mutex_unlock(&lock);
    for (int i = 0; i < count; i++) {
        expected += calls[i].times;
        begin_thread(calls[i]);
    }
    pthread_mutex_lock(&lock);
    while (callbacks < expected) pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
}

// When the test is told to look for itself, instead of waiting for what doesn't come.
static struct timespec in_a_minute(void) {
    struct timespec end;
    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_sec += 60;
    return end;
}

// Waits until so many callbacks are held.
void STANDIN_AwaitHeld(int count) {
    struct timespec end = in_a_minute();
    pthread_mutex_lock(&lock);
    while (held_count < count && !pthread_cond_timedwait(&changed, &lock, &end)) {}
    pthread_mutex_unlock(&lock);
}

static handle begin(const char *name, const char *correlation, callback function, void *data, handle *operation, int kind) {
    record("operations", name);
    record("correlation", correlation);
    hang("begin");
    handle error = failure("begin");
    if (error) return error;
    struct call call = {function, NULL, data, is_set("callback", "twice") ? 2 : 1};
    if (!is_set("callback", "null")) call.result = made(kind, 0, "");
    *operation = made(OPERATION, 0, name);
    if (is_set("callback", "at once")) {
        make(&call);
    } else if (is_set("callback", "held")) {
        pthread_mutex_lock(&lock);
        if (held_count == 100) abort();
        held[held_count++] = call;
        pthread_cond_broadcast(&changed);
        pthread_mutex_unlock(&lock);
    } else {
        begin_thread(call);
    }
    return NULL;
}

// The library's functions.

handle MSALRUNTIME_Startup(void) {
    record("startups", "1");
    return failure("startup");
}

handle MSALRUNTIME_ReadAccountByIdAsync(const char *id, const char *correlation, callback function, void *data, handle *operation) {
    record("read", id);
    return begin("read", correlation, function, data, operation, FOUND);
}

handle MSALRUNTIME_DiscoverAccountsAsync(const char *client, const char *correlation, callback function, void *data, handle *operation) {
    record("client", client);
    return begin("discover", correlation, function, data, operation, FOUND_ALL);
}

handle MSALRUNTIME_SignInSilentlyAsync(handle parameters, const char *correlation, callback function, void *data, handle *operation) {
    check(parameters, PARAMETERS);
    return begin("sign in silently", correlation, function, data, operation, TOKEN);
}

handle MSALRUNTIME_SignInInteractivelyAsync(
    int64_t window, handle parameters, const char *correlation, const char *hint, callback function, void *data, handle *operation) {
    char number[40];
    snprintf(number, sizeof number, "%lld", (long long)window);
    record("window", number);
    record("hint", hint);
    check(parameters, PARAMETERS);
    return begin("sign in interactively", correlation, function, data, operation, TOKEN);
}

handle MSALRUNTIME_AcquireTokenSilentlyAsync(
    handle parameters, const char *correlation, handle account, callback function, void *data, handle *operation) {
    check(parameters, PARAMETERS);
    check(account, ACCOUNT);
    return begin("acquire silently", correlation, function, data, operation, TOKEN);
}

handle MSALRUNTIME_AcquireTokenInteractivelyAsync(
    int64_t window, handle parameters, const char *correlation, handle account, callback function, void *data, handle *operation) {
    char number[40];
    snprintf(number, sizeof number, "%lld", (long long)window);
    record("window", number);
    check(parameters, PARAMETERS);
    check(account, ACCOUNT);
    return begin("acquire interactively", correlation, function, data, operation, TOKEN);
}

handle MSALRUNTIME_SignOutSilentlyAsync(
    const char *client, const char *correlation, handle account, callback function, void *data, handle *operation) {
    record("client", client);
    check(account, ACCOUNT);
    return begin("sign out", correlation, function, data, operation, SIGNED_OUT);
}

#ifndef WITHOUT_SOME
handle MSALRUNTIME_CancelAsyncOperation(handle operation) {
    check(operation, OPERATION);
    record("cancellations", operation->text);
    pthread_mutex_lock(&lock);
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
    hang("cancel");
    return NULL;
}

// Waits until an operation has been asked to end.
void STANDIN_AwaitCancellation(void) {
    struct timespec end = in_a_minute();
    pthread_mutex_lock(&lock);
    while (!entry(records, "cancellations")->value[0] && !pthread_cond_timedwait(&changed, &lock, &end)) {}
    pthread_mutex_unlock(&lock);
}

handle MSALRUNTIME_GetExpiresOn(handle result, int64_t *seconds) {
    check(result, TOKEN);
    *seconds = *setting("expires") ? atoll(setting("expires")) : 0;
    return NULL;
}
#endif

handle MSALRUNTIME_ReleaseAsyncHandle(handle operation) {
    release(operation, OPERATION);
    return NULL;
}

handle MSALRUNTIME_CreateAuthParameters(const char *client, const char *authority, handle *parameters) {
    record("client", client);
    record("authority", authority);
    *parameters = made(PARAMETERS, 0, client);
    return failure("create");
}

static handle set(handle parameters, const char *name, const char *value) {
    check(parameters, PARAMETERS);
    record(name, value);
    return is_set("refused", name) ? made(ERROR, 9, setting("context")) : NULL;
}

handle MSALRUNTIME_SetRequestedScopes(handle parameters, const char *value) { return set(parameters, "scopes", value); }
handle MSALRUNTIME_SetRedirectUri(handle parameters, const char *value) { return set(parameters, "redirect", value); }
handle MSALRUNTIME_SetDecodedClaims(handle parameters, const char *value) { return set(parameters, "claims", value); }
handle MSALRUNTIME_SetAccessTokenToRenew(handle parameters, const char *value) { return set(parameters, "renew", value); }

handle MSALRUNTIME_SetPopParams(handle parameters, const char *method, const char *host, const char *path, const char *nonce) {
    char text[400];
    snprintf(text, sizeof text, "%s %s %s %s", method, host, path, nonce);
    return set(parameters, "proof", text);
}

handle MSALRUNTIME_SetAdditionalParameter(handle parameters, const char *name, const char *value) {
    char text[400];
    snprintf(text, sizeof text, "%s=%s", name, value);
    return set(parameters, "additional", text);
}

handle MSALRUNTIME_ReleaseAuthParameters(handle parameters) {
    release(parameters, PARAMETERS);
    return NULL;
}

handle MSALRUNTIME_GetError(handle result, handle *error) {
    check(result, TOKEN);
    *error = failure("status");
    return NULL;
}

handle MSALRUNTIME_GetAccount(handle result, handle *account) {
    check(result, TOKEN);
    *account = is_set("account", "none") ? NULL : made(ACCOUNT, 0, "token");
    return NULL;
}

handle MSALRUNTIME_GetAccessToken(handle result, char *buffer, int32_t *size) {
    check(result, TOKEN);
    if (is_set("size", "huge")) {
        *size = INT32_MAX;
        return made(ERROR, 10, "insufficient buffer");
    }
    if (is_set("size", "negative")) {
        *size = -5;
        return NULL;
    }
    if (is_set("size", "growing") && !buffer) {
        *size = 3;
        return made(ERROR, 10, "insufficient buffer");
    }
    if (is_set("size", "refused")) return made(ERROR, 0, "no");
    return give(setting("token"), buffer, size);
}

handle MSALRUNTIME_GetAuthorizationHeader(handle result, char *buffer, int32_t *size) {
    check(result, TOKEN);
    return give(setting("header"), buffer, size);
}

handle MSALRUNTIME_GetGrantedScopes(handle result, char *buffer, int32_t *size) {
    check(result, TOKEN);
    return give(setting("granted"), buffer, size);
}

handle MSALRUNTIME_GetRawIdToken(handle result, char *buffer, int32_t *size) {
    check(result, TOKEN);
    return give(setting("id token"), buffer, size);
}

handle MSALRUNTIME_IsPopAuthorization(handle result, int *is_proof) {
    check(result, TOKEN);
    *is_proof = *setting("header") ? 1 : 0;
    return NULL;
}

handle MSALRUNTIME_ReleaseAuthResult(handle result) {
    release(result, TOKEN);
    return NULL;
}

handle MSALRUNTIME_GetReadAccountError(handle result, handle *error) {
    check(result, FOUND);
    *error = failure("read status");
    return NULL;
}

handle MSALRUNTIME_GetReadAccount(handle result, handle *account) {
    check(result, FOUND);
    *account = NULL;
    if (*setting("read status")) return made(ERROR, 16, "Account not found");
    *account = made(ACCOUNT, 0, "read");
    return NULL;
}

handle MSALRUNTIME_ReleaseReadAccountResult(handle result) {
    release(result, FOUND);
    return NULL;
}

handle MSALRUNTIME_GetDiscoverAccountsError(handle result, handle *error) {
    check(result, FOUND_ALL);
    *error = failure("discover status");
    return NULL;
}

handle MSALRUNTIME_GetDiscoverAccountsAt(handle result, int32_t index, handle *account) {
    check(result, FOUND_ALL);
    *account = index < atoi(setting("accounts")) ? made(ACCOUNT, 0, "found") : NULL;
    return NULL;
}

handle MSALRUNTIME_ReleaseDiscoverAccountsResult(handle result) {
    release(result, FOUND_ALL);
    return NULL;
}

handle MSALRUNTIME_GetSignOutError(handle result, handle *error) {
    check(result, SIGNED_OUT);
    *error = failure("sign-out status");
    return NULL;
}

handle MSALRUNTIME_ReleaseSignOutResult(handle result) {
    release(result, SIGNED_OUT);
    return NULL;
}

static handle account_text(handle account, const char *text, char *buffer, int32_t *size) {
    check(account, ACCOUNT);
    return give(text, buffer, size);
}

handle MSALRUNTIME_GetHomeAccountId(handle account, char *buffer, int32_t *size) {
    return account_text(account, *setting("home") ? setting("home") : "ada.contoso", buffer, size);
}
handle MSALRUNTIME_GetLocalAccountId(handle account, char *buffer, int32_t *size) { return account_text(account, "ada", buffer, size); }
handle MSALRUNTIME_GetRealm(handle account, char *buffer, int32_t *size) { return account_text(account, "contoso", buffer, size); }
handle MSALRUNTIME_GetEnvironment(handle account, char *buffer, int32_t *size) {
    return account_text(account, "login.microsoftonline.com", buffer, size);
}
handle MSALRUNTIME_GetUserName(handle account, char *buffer, int32_t *size) {
    return account_text(account, "ada@contoso.com", buffer, size);
}

handle MSALRUNTIME_ReleaseAccount(handle account) {
    release(account, ACCOUNT);
    return NULL;
}

handle MSALRUNTIME_GetStatus(handle error, int *status) {
    check(error, ERROR);
    *status = error->status;
    return NULL;
}

handle MSALRUNTIME_GetErrorCode(handle error, int64_t *code) {
    check(error, ERROR);
    *code = *setting("code") ? atoll(setting("code")) : 0;
    return NULL;
}

handle MSALRUNTIME_GetTag(handle error, int32_t *tag) {
    check(error, ERROR);
    *tag = atoi(setting("tag"));
    return NULL;
}

handle MSALRUNTIME_GetContext(handle error, char *buffer, int32_t *size) {
    check(error, ERROR);
    return give(error->text, buffer, size);
}

int MSALRUNTIME_ReleaseError(handle error) {
    release(error, ERROR);
    return 1;
}
