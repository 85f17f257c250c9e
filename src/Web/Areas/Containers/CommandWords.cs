using System.Collections.Immutable;
using System.Text;

namespace CalicoConsole.Web.Areas.Containers;

/// <summary>A typed command line as program and arguments: blanks part, quotes keep together. No shell runs it and nothing is expanded. Pure.</summary>
internal static class CommandWords
{
    /// <summary>The words, or why they cannot be told apart.</summary>
    public static (ImmutableArray<string> Words, string? Error) Split(string text)
    {
        var words = ImmutableArray.CreateBuilder<string>();
        var word = new StringBuilder();
        var (quote, open) = ('\0', false);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quote != '\0')
            {
                if (c == quote)
                {
                    quote = '\0';
                }
                else
                {
                    var escapes = c == '\\' && quote == '"' && i + 1 < text.Length && (text[i + 1] is '"' or '\\');
                    word.Append(escapes ? text[++i] : c);
                }
            }
            else if (c is '\'' or '"')
            {
                (quote, open) = (c, true);
            }
            else if (char.IsWhiteSpace(c))
            {
                Take();
            }
            else
            {
                word.Append(c == '\\' && i + 1 < text.Length ? text[++i] : c);
                open = true;
            }
        }

        Take();
        return quote == '\0' ? (words.ToImmutable(), null) : ([], $"A quote {quote} is not closed");

        void Take()
        {
            if (open)
            {
                words.Add(word.ToString());
                word.Clear();
                open = false;
            }
        }
    }

    /// <summary>Words as a line that <see cref="Split"/> takes apart again.</summary>
    public static string Join(ImmutableArray<string> words) => Core.Operations.ShellCommand.Join(words);
}
