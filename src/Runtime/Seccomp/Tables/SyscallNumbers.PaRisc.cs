// Generated from the kernel's headers; see README.md beside this file.
namespace Hull.Runtime;

internal static partial class SyscallNumbers
{
    /// <summary>The number of each of <see cref="SyscallNames"/>, or <see cref="Absent"/>.</summary>
    public static ReadOnlySpan<ushort> PaRisc =>
    [
        140, 142, 149, 35, 320, 33, 51, 264, 124, Absent, 27, Absent, Absent, Absent, Absent, Absent, 134, 22, 341, Absent, Absent, 45,
        Absent, Absent, 451, 106, 107, 12, 15, 180, Absent, 61, 324, 405, 257, 406, 256, 403, 258, 407, 255, 404, 120, 435, 6, 436, 31,
        346, 8, Absent, 129, 41, 63, 312, 224, 311, 225, Absent, 297, 441, 226, Absent, 304, 310, 11, 342, 1, 222, 287, 439, Absent,
        236, 305, 322, 323, 133, 94, 286, 452, 95, Absent, 278, 55, 202, 148, 243, 468, 469, 333, 246, 143, 2, 249, 431, 240, 432, 430,
        433, 28, 112, 280, 100, 299, 118, Absent, 93, 200, 210, 456, 422, 455, 449, 454, 279, Absent, 261, 290, Absent, Absent, 296,
        110, 141, 201, 50, Absent, 49, Absent, 47, Absent, 80, Absent, 105, Absent, 53, 132, 65, 20, Absent, 64, 96, 339, 171, Absent,
        165, Absent, 76, 77, 147, 44, 182, 206, 78, 24, Absent, 241, 464, Absent, Absent, 128, 270, 269, 314, 271, 219, 216, 217, 350,
        416, 215, 218, 426, 427, 425, 54, Absent, Absent, 268, 267, Absent, 332, 355, 300, 266, 37, 445, 444, 446, 16, Absent, 242, 9,
        283, 32, 458, 470, 244, 465, 245, Absent, 223, 248, 19, 239, 459, 461, 460, 84, 198, 119, 453, 260, 343, 340, Absent, 272, 72,
        39, 276, 14, 277, 150, 345, 152, 90, 89, Absent, 21, 442, 429, 295, 125, Absent, 234, 233, 229, 232, 419, 231, 418, 230, 163,
        462, 191, 190, 189, 188, 144, Absent, 151, 153, 91, 325, 162, Absent, Absent, 34, Absent, Absent, Absent, Absent, Absent, 5,
        326, 428, 467, 275, 437, 29, Absent, Absent, Absent, 318, 136, 438, 434, 424, 42, 313, 67, 352, 353, 351, 168, 274, 414, 172,
        108, 315, 347, 321, 440, 448, 330, 331, Absent, Absent, 273, 413, 26, Absent, 109, 316, 348, Absent, 131, 443, 3, 207, Absent,
        85, 285, 145, 88, 98, 123, 319, 417, 184, 227, 247, 466, 38, 282, 337, 265, 0, Absent, Absent, 40, 354, 471, 174, 176, 175, 178,
        173, 179, 177, 421, 317, Absent, Absent, Absent, Absent, Absent, Absent, 159, 160, 212, 335, 155, 157, 161, 423, 211, 334, 154,
        156, 158, 338, Absent, Absent, 187, 186, 185, 228, 420, 58, 122, 209, 329, 183, 82, 262, 450, 289, Absent, 237, Absent, 121,
        139, Absent, 138, Absent, 46, Absent, 81, Absent, 74, 104, 328, 57, 97, 71, Absent, 170, Absent, 164, Absent, 70, Absent, 75,
        66, 181, 79, 23, Absent, 238, 463, 68, 192, 195, 193, 194, 117, Absent, 166, 48, 302, 309, 73, 126, Absent, Absent, 17, Absent,
        56, 291, Absent, Absent, 69, 18, 101, 99, 298, 457, 349, 25, Absent, Absent, Absent, 115, 87, Absent, 83, 284, 36, 292, Absent,
        327, Absent, Absent, 135, 116, 103, Absent, 293, 259, 13, 250, 254, 253, 252, 408, 251, 409, Absent, 306, 308, 410, 307, 411,
        43, 208, 92, 199, Absent, Absent, Absent, 60, Absent, 52, 59, 10, 281, 288, Absent, Absent, 86, 344, Absent, Absent, 62, 30,
        301, 412, 336, 113, 111, Absent, Absent, 294, Absent, 114, 235, 7, 4, 146,
    ];
}
