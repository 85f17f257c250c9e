using System.Diagnostics;
using System.Text;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations;
using CsCheck;

namespace CalicoConsole.Core.Tests.Operations;

public class ShellCommandTests
{
    [Theory]
    [InlineData("my_net", "my_net")]
    [InlineData("--subnet=192.0.2.0/24", "--subnet=192.0.2.0/24")]
    [InlineData("", "''")]
    [InlineData("a b", "'a b'")]
    [InlineData("it's", @"'it'\''s'")]
    [InlineData("$(id)", "'$(id)'")]
    [InlineData("~", "'~'")]
    [InlineData("*", "'*'")]
    [InlineData("two\nlines", @"$'two\nlines'")]
    [InlineData("esc\u001b[2J", @"$'esc\033[2J'")]
    [InlineData("\u202Egnp.exe", @"$'\342\200\256gnp.exe'")]
    [InlineData("it's\\\r", @"$'it\'s\\\015'")]
    public void Quote_Argument_IsTakenLiterally(string argument, string expected) => Assert.Equal(expected, ShellCommand.Quote(argument));

    [Fact]
    public void Quote_AnyText_ReadsBackTheSame() =>
        Gen.String.Where(t => !t.Any(VisibleText.Steers)).Sample(text => Assert.Equal(text, Unquote(ShellCommand.Quote(text))));

    [Fact]
    public async Task Quote_WhatSteersATerminal_IsWhatBashReadsAndNothingOfItIsRaw()
    {
        var random = new Random(11);
        string[] pieces =
        [
            "\u001b[31m", "\n", "\r", "\t", "\u0001", "\u007f", "\u0085", "\u202E", "\u2066", "\u200b", "\u2028", "\uFEFF",
            "'", "\\", "\\033", "$x", "`id`", "%s", "7", "ü", "😀", " ", "-n", "\"", "EOF",
        ];
        string Piece(int at) => pieces[random.Next(pieces.Length)];
        string[] texts = [.. Enumerable.Range(0, 400).Select(_ => string.Concat(Enumerable.Range(0, random.Next(1, 7)).Select(Piece)))];
        var commands = texts.Select(t => ShellCommand.Join("printf", "%s\\0", t))
            .Concat(texts.Select(t => $"{ShellCommand.WithInput(["cat"], $"{t}\n")}\nprintf '\\0'"));
        Assert.All(commands, c => Assert.DoesNotContain(c, x => x != '\n' && x != '\t' && VisibleText.Steers(x)));

        using var bash = Process.Start(new ProcessStartInfo("bash", ["-s"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            Environment = { ["LC_ALL"] = "C.UTF-8" },
        })!;
        // As bytes: a reader of text that is first given one byte alone takes a byte order mark that follows for the stream's own, and drops it.
        using var written = new MemoryStream();
        var read = bash.StandardOutput.BaseStream.CopyToAsync(written, TestContext.Current.CancellationToken);
        await bash.StandardInput.WriteAsync(string.Join('\n', commands).AsMemory(), TestContext.Current.CancellationToken);
        bash.StandardInput.Close();
        await read;
        Assert.Equal(
            texts.Concat(texts.Select(t => $"{t.TrimEnd('\n')}\n")),
            Encoding.UTF8.GetString(written.ToArray()).TrimEnd('\0').Split('\0').Select((t, i) => i < texts.Length ? t : $"{t.TrimEnd('\n')}\n"));
    }

    [Fact]
    public void WithInput_DocumentHoldingTheEnd_UsesAnother() =>
        Assert.Equal("calicoctl create -f - <<'EOF_'\na\nEOF\nb\nEOF_", ShellCommand.WithInput(["calicoctl", "create", "-f", "-"], "a\nEOF\nb\n"));

    // POSIX quoting read by its own rules: nothing is special inside single quotes; outside, a backslash takes the next character literally.
    private static string Unquote(string quoted)
    {
        var text = new StringBuilder();
        var inside = false;
        for (var i = 0; i < quoted.Length; i++)
        {
            if (quoted[i] == '\'')
            {
                inside = !inside;
            }
            else if (!inside && quoted[i] == '\\')
            {
                text.Append(quoted[++i]);
            }
            else
            {
                Assert.True(inside || char.IsAsciiLetterOrDigit(quoted[i]) || "_-./:=,@+%".Contains(quoted[i], StringComparison.Ordinal));
                text.Append(quoted[i]);
            }
        }

        Assert.False(inside);
        return text.ToString();
    }
}
