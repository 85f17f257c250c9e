using System.Linq.Expressions;
using CalicoConsole.Core.Operations;
using Microsoft.EntityFrameworkCore;

namespace CalicoConsole.Adapters.Audit;

/// <summary>A session that stands.</summary>
/// <param name="Id">Its identity.</param>
/// <param name="UserId">Whose.</param>
/// <param name="UserName">The user's name.</param>
/// <param name="Created">When somebody signed in.</param>
/// <param name="LastSeen">When it was last used, to the minute.</param>
/// <param name="Source">Where the sign-in came from.</param>
public sealed record ConsoleSession(Guid Id, string UserId, string? UserName, DateTimeOffset Created, DateTimeOffset LastSeen, string Source);

/// <summary>
/// The sessions of people who are signed in. A session stands while its row is there, its user exists with the stamp that it had at the
/// sign-in, and it was used within <see cref="IdleBound"/>. Every question reads the database, so that what another process changed counts too.
/// </summary>
/// <remarks>Safe for concurrent use. Failures of the database are <see cref="ConsoleDatabaseException"/>.</remarks>
/// <param name="contexts">Makes contexts of a database that <see cref="ConsoleDatabase"/> has migrated.</param>
/// <param name="time">The clock.</param>
public sealed class SessionStore(IDbContextFactory<ConsoleDbContext> contexts, TimeProvider time) : ISessionCheck
{
    /// <summary>How long a session stands without being used.</summary>
    public static readonly TimeSpan IdleBound = TimeSpan.FromHours(12);

    private static readonly TimeSpan SeenStep = TimeSpan.FromMinutes(1);

    /// <summary>Begins a session and forgets those that no longer stand.</summary>
    public Task<Guid> BeginAsync(ConsoleUser user, string source, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        return contexts.WithAsync(async context =>
        {
            var now = time.GetUtcNow();
            var oldest = now - IdleBound;
            await context.Sessions.Where(s => s.LastSeen < oldest || !context.Users.Any(u => u.Id == s.UserId && u.SecurityStamp == s.Stamp))
                .ExecuteDeleteAsync(CancellationToken.None).ConfigureAwait(false);
            var row = new SessionRow
            {
                Id = Guid.NewGuid(),
                UserId = user.Id,
                Stamp = user.SecurityStamp ?? "",
                Created = now,
                LastSeen = now,
                Source = source
            };
            context.Add(row);
            await context.SaveChangesAsync(CancellationToken.None).ConfigureAwait(false);
            return row.Id;
        }, cancellationToken);
    }

    /// <summary>The session; null when it does not stand.</summary>
    public Task<ConsoleSession?> FindAsync(Guid id, CancellationToken cancellationToken) => contexts.WithAsync(async context =>
        (await StandingAsync(context, s => s.Id == id, cancellationToken).ConfigureAwait(false)).SingleOrDefault(), cancellationToken);

    /// <summary>Those of <paramref name="ids"/> that stand.</summary>
    public Task<ImmutableHashSet<Guid>> StandingAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken) => contexts.WithAsync(async context =>
        (await StandingAsync(context, s => ids.Contains(s.Id), cancellationToken).ConfigureAwait(false)).Select(s => s.Id).ToImmutableHashSet(),
            cancellationToken);

    /// <summary>Notes that sessions are used; writes at most once a minute for each.</summary>
    public Task SeenAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken) => contexts.WithAsync(async context =>
    {
        var now = time.GetUtcNow();
        var before = now - SeenStep;
        return await context.Sessions.AnyAsync(s => ids.Contains(s.Id) && s.LastSeen < before, cancellationToken).ConfigureAwait(false)
            ? await context.Sessions.Where(s => ids.Contains(s.Id) && s.LastSeen < before)
                .ExecuteUpdateAsync(s => s.SetProperty(r => r.LastSeen, now), CancellationToken.None).ConfigureAwait(false)
            : 0;
    }, cancellationToken);

    /// <summary>Ends a session. False when there was none.</summary>
    public Task<bool> EndAsync(Guid id, CancellationToken cancellationToken) => contexts.WithAsync(async context =>
        await context.Sessions.Where(s => s.Id == id).ExecuteDeleteAsync(CancellationToken.None).ConfigureAwait(false) > 0, cancellationToken);

    /// <inheritdoc/>
    public async Task<string?> RefusalAsync(OperationContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Session is not { } id || await FindAsync(id, cancellationToken).ConfigureAwait(false) is not null
            ? null
            : $"The session of {context.Actor} has ended, so nothing was changed. Sign in again.";
    }

    private async Task<List<ConsoleSession>> StandingAsync(ConsoleDbContext context, Expression<Func<SessionRow, bool>> which,
        CancellationToken cancellationToken)
    {
        var oldest = time.GetUtcNow() - IdleBound;
        return await context.Sessions.AsNoTracking().Where(which).Where(s => s.LastSeen >= oldest)
            .Join(context.Users, s => s.UserId, u => u.Id, (s, u) => new { s, u }).Where(j => j.s.Stamp == j.u.SecurityStamp)
            .Select(j => new ConsoleSession(j.s.Id, j.s.UserId, j.u.UserName, j.s.Created, j.s.LastSeen, j.s.Source))
            .ToListAsync(cancellationToken).ConfigureAwait(false);
    }
}
