using System.Text;
using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Operations;

/// <summary>
/// Writes equivalent commands for people to copy into a POSIX shell. Every argument is quoted by the one rule here.
/// The console itself never runs them.
/// </summary>
public static class ShellCommand
{
    /// <summary>A command line of these arguments; empty ones stay visible as <c>''</c>.</summary>
    public static string Join(params IEnumerable<string> arguments) => string.Join(' ', arguments.Select(Quote));

    /// <summary>A command that reads a document from its standard input, as <c>calicoctl create -f - &lt;&lt;'EOF'</c>.</summary>
    /// <param name="arguments">The command.</param>
    /// <param name="document">The document; the shell changes nothing in it.</param>
    public static string WithInput(IEnumerable<string> arguments, string document)
    {
        if (document.Any(c => c is not '\n' and not '\t' && VisibleText.Steers(c)))
        {
            return $"printf %s {Quote(document)} | {Join(arguments)}";
        }

        var end = "EOF";
        var lines = document.Split('\n');
        while (lines.Contains(end, StringComparer.Ordinal))
        {
            end += "_";
        }

        return $"{Join(arguments)} <<'{end}'\n{document.TrimEnd('\n')}\n{end}";
    }

    /// <summary>A command for etcdctl's v2 API, as <c>ETCDCTL_API=2 etcdctl set KEY VALUE</c>.</summary>
    public static string Etcdctl(params IEnumerable<string> arguments) => $"ETCDCTL_API=2 {Join(["etcdctl", .. arguments])}";

    /// <summary>
    /// One argument: bare where a POSIX shell takes it literally, else in single quotes; as <c>$'…'</c> with escapes when it holds what a terminal would act
    /// upon or what nobody would see.
    /// </summary>
    public static string Quote(string argument)
    {
        if (argument.Any(VisibleText.Steers))
        {
            return Escaped(argument);
        }

        if (argument.Length > 0 && argument.All(IsPlain))
        {
            return argument;
        }

        return new StringBuilder("'").Append(argument.Replace("'", @"'\''", StringComparison.Ordinal)).Append('\'').ToString();
    }

    // Bytes in octal, which every shell that knows $'…' reads alike.
    private static string Escaped(string argument)
    {
        var text = new StringBuilder("$'");
        foreach (var c in argument)
        {
            _ = c switch
            {
                '\\' or '\'' => text.Append('\\').Append(c),
                '\n' => text.Append("\\n"),
                '\t' => text.Append("\\t"),
                _ when VisibleText.Steers(c) => text.AppendJoin("", Encoding.UTF8.GetBytes([c]).Select(b => $"\\{Convert.ToString(b, 8).PadLeft(3, '0')}")),
                _ => text.Append(c),
            };
        }

        return text.Append('\'').ToString();
    }

    // A leading '~' would be expanded and '=' is safe only because no command starts with an assignment here.
    private static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '/' or ':' or '=' or ',' or '@' or '+' or '%';
}
