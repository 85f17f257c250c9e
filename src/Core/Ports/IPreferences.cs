namespace CalicoConsole.Core.Ports;

/// <summary>
/// What people choose about how pages look, such as the columns of a list: small texts by name, each one's own. It changes nothing in the cluster, and nobody
/// is asked for a permission to do it. Safe for concurrent use.
/// </summary>
public interface IPreferences
{
    /// <summary>Whose preferences are everybody's, such as saved views.</summary>
    const string Everybody = "";

    /// <summary>All that a person chose, by name.</summary>
    /// <param name="person">The person's name, or <see cref="Everybody"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<ImmutableDictionary<string, string>> ReadAsync(string person, CancellationToken cancellationToken);

    /// <summary>Keeps a choice in place of the one of that name; null forgets it.</summary>
    /// <param name="person">The person's name, or <see cref="Everybody"/>.</param>
    /// <param name="name">What it is about.</param>
    /// <param name="value">The choice, at most <see cref="MostLetters"/> long.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task WriteAsync(string person, string name, string? value, CancellationToken cancellationToken);

    /// <summary>How long a choice may be.</summary>
    const int MostLetters = 64 * 1024;
}
