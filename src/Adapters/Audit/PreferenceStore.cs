using CalicoConsole.Core.Ports;
using Microsoft.EntityFrameworkCore;

namespace CalicoConsole.Adapters.Audit;

/// <summary>Preferences in SQLite. Safe for concurrent use; the last one who writes a name counts.</summary>
/// <remarks>Failures of the database are <see cref="ConsoleDatabaseException"/>.</remarks>
/// <param name="contexts">Makes contexts of a database that <see cref="ConsoleDatabase"/> has migrated.</param>
public sealed class PreferenceStore(IDbContextFactory<ConsoleDbContext> contexts) : IPreferences
{
    /// <inheritdoc/>
    public Task<ImmutableDictionary<string, string>> ReadAsync(string person, CancellationToken cancellationToken) => contexts.WithAsync(async context =>
        (await context.Preferences.AsNoTracking().Where(p => p.Person == person).ToListAsync(cancellationToken).ConfigureAwait(false))
            .ToImmutableDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal), cancellationToken);

    /// <inheritdoc/>
    public Task WriteAsync(string person, string name, string? value, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(person);
        ArgumentNullException.ThrowIfNull(name);
        if (value?.Length > IPreferences.MostLetters)
        {
            throw new ArgumentException($"{name} is longer than {IPreferences.MostLetters} letters", nameof(value));
        }

        // One statement, so that two who write at once do not both insert.
        return contexts.WithAsync(context => value is null
            ? context.Preferences.Where(p => p.Person == person && p.Name == name).ExecuteDeleteAsync(cancellationToken)
            : context.Database.ExecuteSqlAsync(
                $"INSERT INTO Preferences (Person, Name, Value) VALUES ({person}, {name}, {value}) ON CONFLICT (Person, Name) DO UPDATE SET Value = {value}",
                cancellationToken), cancellationToken);
    }
}
