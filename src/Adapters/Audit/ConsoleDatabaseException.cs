using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace CalicoConsole.Adapters.Audit;

/// <summary>The console's own database cannot be used; the message names the setting, the file, what SQLite answered and what to do.</summary>
/// <param name="message">For people.</param>
/// <param name="isTransient">Whether trying again soon may succeed.</param>
/// <param name="inner">What was answered.</param>
public sealed class ConsoleDatabaseException(string message, bool isTransient, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether trying again soon may succeed: the database was busy.</summary>
    public bool IsTransient { get; } = isTransient;

    /// <summary>Whether the database works and refused just this row.</summary>
    internal bool IsRefusal { get; private init; }

    /// <summary>Whether this is a failure of the database that <see cref="From"/> can put into words.</summary>
    internal static bool Covers(Exception e) => e is DbException or DbUpdateException or ConsoleDatabaseException;

    /// <summary>Puts a failure into words (codes: SQLite documentation, "Result and Error Codes").</summary>
    internal static ConsoleDatabaseException From(Exception e, string? file)
    {
        if (e is ConsoleDatabaseException already)
        {
            return already;
        }

        var sqlite = e as SqliteException ?? e.InnerException as SqliteException;
        var code = sqlite?.SqliteErrorCode ?? 0;
        var words = code switch
        {
            5 or 6 => "is busy: another program holds a lock on it. Close that program, then try again",
            8 => "is read-only. Give the console's user write permission on the file and its folder",
            10 => "cannot be read or written: the disk reported an error. Check the disk",
            11 => "is damaged. Restore it from a backup, or name another file",
            13 => "cannot grow: the disk is full. Free some space",
            14 => "cannot be opened. The folder must exist and the console's user must be able to write to it",
            19 => "refused a row that contradicts what it holds",
            26 => "is not an SQLite database. Name another file",
            _ => "cannot be used",
        };
        return new ConsoleDatabaseException(
            $"{ConsoleDatabase.Setting}: the database {file ?? "(no file)"} {words}. SQLite answered: {(sqlite ?? e).Message}", code is 5 or 6, e)
        {
            IsRefusal = code == 19,
        };
    }
}
