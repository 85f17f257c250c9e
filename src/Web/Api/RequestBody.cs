using System.Buffers;
using System.Text;
using System.Text.Json;
using CalicoConsole.Core.Model;

namespace CalicoConsole.Web.Api;

/// <summary>What reading a request's body brought: the value, or the answer that refuses it.</summary>
internal readonly record struct Body<T>(T? Value, IResult? Refusal)
    where T : class;

/// <summary>Reads bodies of requests.</summary>
internal static class RequestBody
{
    private const int Limit = 1 << 20;

    // No document of ours comes near; what is read of each takes a hundred times its room in the body.
    private const int MostValues = 50_000;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 64 };

    /// <summary>Reads a JSON object with <paramref name="read"/>; an empty body is an empty object when <paramref name="mayBeEmpty"/>.</summary>
    public static async Task<Body<T>> ReadAsync<T>(HttpRequest request, Func<RequestObject, T> read, bool mayBeEmpty = false)
        where T : class
    {
        var (text, refusal) = await TextAsync(request, mayBeEmpty);
        if (text is null)
        {
            return new(null, refusal);
        }

        using var document = JsonDocument.Parse(text, Strict);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            return new(null, Malformed("The body must be a JSON object.",
                new FieldError("", $"a JSON object was expected, not {document.RootElement.ValueKind.ToString().ToLowerInvariant()}")));
        }

        var source = new RequestObject(document.RootElement);
        var value = read(source);
        var errors = source.Errors();
        return errors.Count == 0
            ? new(value, null)
            : new(null, ApiProblems.Problem(StatusCodes.Status400BadRequest, "The request is not valid",
                string.Join("; ", errors.Select(e => $"{e.Field}: {e.Reason}")), errors));
    }

    /// <summary>Reads the body as text that is known to be well-formed JSON.</summary>
    public static async Task<Body<string>> TextAsync(HttpRequest request, bool mayBeEmpty = false)
    {
        if (request.ContentLength is null or > 0 && !request.HasJsonContentType() && !(mayBeEmpty && request.ContentType is null))
        {
            return new(null, ApiProblems.Problem(StatusCodes.Status415UnsupportedMediaType, "Unsupported media type",
                "Send the document as application/json."));
        }

        var bytes = new byte[Limit + 1];
        var length = await request.Body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, request.HttpContext.RequestAborted);
        if (length > Limit)
        {
            return new(null, ApiProblems.Problem(StatusCodes.Status413PayloadTooLarge, "The document is too large", "At most 1 MiB is read."));
        }

        if (length == 0 && mayBeEmpty)
        {
            return new("{}", null);
        }

        if (NotUtf8(bytes.AsSpan(0, length)) is { } malformed)
        {
            return new(null, malformed);
        }

        try
        {
            if (Values(bytes.AsSpan(0, length)) is { } wrong)
            {
                return new(null, wrong);
            }

            using var document = JsonDocument.Parse(bytes.AsMemory(0, length), Strict);
            return new(document.RootElement.GetRawText(), null);
        }
        catch (JsonException e)
        {
            var (line, column) = (e.LineNumber + 1 ?? 1, e.BytePositionInLine + 1 ?? 1);
            var reason = $"not JSON at line {line}, byte {column}: {Words(e.Message)}";
            return new(null, Malformed(reason, new FieldError("", reason)));
        }
    }

    /// <summary>400 when a body is not UTF-8; null when it is.</summary>
    public static IResult? NotUtf8(ReadOnlySpan<byte> body)
    {
        var at = 0;
        while (at < body.Length)
        {
            if (Rune.DecodeFromUtf8(body[at..], out _, out var taken) != OperationStatus.Done)
            {
                var reason = $"not UTF-8 at byte {at + 1}: send the text as UTF-8";
                return Malformed(reason, new FieldError("", reason));
            }

            at += taken;
        }

        return null;
    }

    // Halves of surrogate pairs are no text, and are noticed only by who takes the text.
    private static IResult? Values(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = Strict.MaxDepth });
        for (var values = 0; reader.Read(); values++)
        {
            if (values > MostValues)
            {
                return ApiProblems.Problem(StatusCodes.Status413PayloadTooLarge, "The document is too large", $"At most {MostValues} values are read.");
            }

            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped && !IsText(reader))
            {
                var reason = $"half of a surrogate pair in the text at byte {reader.TokenStartIndex + 1}";
                return Malformed(reason, new FieldError("", reason));
            }
        }

        return null;
    }

    private static bool IsText(Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString() is not null;
        }
        catch (InvalidOperationException)
        {
            // That is how the reader tells of it.
            return false;
        }
    }

    private static IResult Malformed(string detail, FieldError error) =>
        ApiProblems.Problem(StatusCodes.Status400BadRequest, "The body cannot be read", detail, [error]);

    // The parser repeats the position in its own terms, counted from zero.
    private static string Words(string message)
    {
        var position = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return position < 0 ? message : message[..position];
    }
}
