using CalicoConsole.Adapters.Audit;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Web.Auth;

/// <summary>The audit log's entries of sign-ins and sign-outs.</summary>
internal sealed class SignInAudit(IAuditLog audit, TimeProvider time)
{
    /// <summary>Name of the entry of a sign-in, right or wrong.</summary>
    public const string SignIn = "session.signIn";

    /// <summary>Name of the entry of a sign-out.</summary>
    public const string SignOut = "session.signOut";

    /// <summary>The kind of these entries; their object is a user.</summary>
    public const string Kind = "session";

    /// <summary>Who asked, while nobody is signed in.</summary>
    public const string Nobody = "nobody";

    /// <summary>The object of a sign-in with a name that nobody has.</summary>
    public const string UnknownUser = "unknown user";

    /// <summary>Records what happened.</summary>
    /// <exception cref="ConsoleDatabaseException">It is not recorded.</exception>
    public Task RecordAsync(string what, string actor, string user, string source, bool done, string? message)
    {
        var (id, now) = (Guid.NewGuid(), time.GetUtcNow());
        return audit.RecordAsync(
            new AuditIntent(id, now, actor, "page", what, Kind, user,
                IntentWrites.From(new PlannedOperation(new Plan(), [])).ToJson(), AuditDocuments.Write([]),
                [])
            { Source = source },
            new AuditOutcome(id, now, done ? "succeeded" : "failed", message, AuditDocuments.Write([])),
            CancellationToken.None);
    }
}
