using Microsoft.EntityFrameworkCore;

namespace CalicoConsole.Adapters.Audit;

/// <summary>Short-lived contexts of the console's database.</summary>
internal static class ConsoleContexts
{
    /// <summary>Does a piece of work with a context of its own.</summary>
    /// <exception cref="ConsoleDatabaseException">The database failed.</exception>
    public static async Task<T> WithAsync<T>(this IDbContextFactory<ConsoleDbContext> contexts, Func<ConsoleDbContext, Task<T>> work,
        CancellationToken cancellationToken)
    {
        string? file = null;
        try
        {
            var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
            await using (context.ConfigureAwait(false))
            {
                file = context.Database.GetDbConnection().DataSource;
                return await work(context).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (ConsoleDatabaseException.Covers(e))
        {
            throw ConsoleDatabaseException.From(e, file);
        }
    }
}
